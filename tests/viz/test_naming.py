"""Whose names the boxes carry, and what is said of tensors that have no box."""

from types import SimpleNamespace

import pytest

from viz.graph import Graph
from viz.naming import Names


def named(root, params, **options):
    graph, names = Graph([root], **options), Names(params)
    return [names.of(box) for box in graph.boxes], list(names.without_box(graph))


def test_leaves_and_results_carry_their_names(torch):
    w = torch.ones(1, requires_grad=True)
    y = 2 * w
    z = y.exp()
    assert named(z, {"w": w, "y": y, "z": z}) == ([["z"], ["y"], ["w"]], [])


def test_what_is_no_tensor_is_passed_over(torch):
    w = torch.ones(1, requires_grad=True)
    namespace = {"torch": torch, "lr": 0.1, "w": w, "data": [w], "space": SimpleNamespace(w=w)}
    assert named(2 * w, namespace) == ([[], ["w"]], [])


def test_pairs_are_as_good_as_a_mapping(torch):
    w = torch.ones(1, requires_grad=True)
    assert named(2 * w, iter([("layer.weight", w)])) == ([[], ["layer.weight"]], [])


def test_a_name_that_is_no_string_is_written_as_one(torch):
    w = torch.ones(1, requires_grad=True)
    assert named(2 * w, {0: w}) == ([[], ["0"]], [])


def test_private_names_do_not_win_over_real_ones(torch):
    w = torch.ones(1, requires_grad=True)
    y = 2 * w
    assert named(y, {"_": y, "_1": y, "_w": w, "w": w, "y": y}) == ([["y"], ["w"]], [])


def test_one_private_name_is_better_than_none(torch):
    w = torch.ones(1, requires_grad=True)
    assert named(2 * w, {"_w": w, "__w": w}) == ([[], ["_w"]], [])


def test_a_tensor_without_a_box_is_told_with_the_reason(torch):
    w, other = torch.ones(1, requires_grad=True), torch.ones(1, requires_grad=True)
    params = {"x": torch.ones(1), "w": w, "other": other, "later": other.exp()}
    _, without = named(2 * w, params)
    reasons = [("x", "requires_grad=False"), ("other", "not in this graph")]
    assert without == [*reasons, ("later", "not in this graph")]


def test_a_notebooks_results_of_earlier_cells_are_not_told(torch):
    w = torch.ones(1, requires_grad=True)
    results = {"_": torch.ones(1), "__": torch.ones(1), "_12": torch.ones(1)}
    assert named(2 * w, results)[1] == []


def test_a_saved_result_carries_its_name(torch):
    w = torch.ones(1, requires_grad=True)
    y = w.exp()
    names, _ = named(y, {"y": y}, show_saved=True)
    assert names == [["y"], [], ["y"]]


def test_saved_data_carries_its_name_and_is_not_told(torch):
    w, x = torch.ones(3, requires_grad=True), torch.ones(3)
    params = {"x": x, "first": x[:2], "other": torch.ones(3)}
    names, without = named(w * x, params, show_saved=True)
    assert names == [[], [], ["x"]]
    reason = "requires_grad=False"
    assert without == [("first", reason), ("other", reason)]


def test_empty_data_is_known_by_being_itself(torch):
    w, x = torch.ones(0, requires_grad=True), torch.ones(0)
    without = named(w * x, {"nothing": torch.ones(0)}, show_saved=True)[1]
    assert without == [("nothing", "requires_grad=False")]


def test_data_without_an_address_is_passed_over_like_any_other():
    torch = pytest.importorskip("torch")
    w, sparse = torch.ones(2, requires_grad=True), torch.eye(2).to_sparse()
    assert named(2 * w, {"sparse": sparse})[1] == [("sparse", "requires_grad=False")]


def test_the_outputs_of_one_operation_are_told_apart_where_saved(torch):
    p, q = torch.ones(2, requires_grad=True).unbind()
    names, _ = named(p * q, {"p": p, "q": q}, show_saved=True)
    assert names == [[], ["p", "q"], [], ["q"], ["p"]]


@pytest.mark.parametrize("params", [5, ["w"], [1, 2], "w"])
def test_params_that_map_nothing_are_refused_with_advice(params):
    with pytest.raises(TypeError, match=r"params=globals\(\)"):
        Names(params)


def test_a_module_in_place_of_params_is_refused_with_advice():
    torch = pytest.importorskip("torch")
    with pytest.raises(TypeError, match=r"Pass params=dict\(model.named_parameters\(\)\)"):
        Names(torch.nn.Linear(2, 1))
