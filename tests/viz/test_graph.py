"""Which boxes and arrows a graph has, and that public doors suffice to find them."""

import subprocess
import sys

import pytest

from viz.graph import Graph, Unreadable, is_tensor, saved_values


class Node:
    """A backward node of no library."""

    def __init__(self, *inputs):
        self.next_functions = tuple((node, 0) for node in inputs)


class Tensor:
    """A tensor of no library."""

    shape = (1,)
    output_nr = 0
    requires_grad = True

    def __init__(self, grad_fn=None):
        self._grad_fn = grad_fn

    @property
    def grad_fn(self):
        return self._grad_fn


class AccumulateGrad(Node):
    def __init__(self, variable):
        super().__init__()
        self.variable = variable


def pairs(graph):
    return [(arrow.tail, arrow.head) for arrow in graph.arrows]


def kinds(graph):
    return [box.kind for box in graph.boxes]


def test_importing_viz_imports_no_library_of_tensors_and_no_graphviz():
    code = "import viz, sys; print({'torch', 'numpy', 'tinygrad_edu', 'graphviz'} & {*sys.modules})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"


def test_nodes_of_any_library_are_walked_by_their_public_attributes():
    leaf = Tensor()
    root = Tensor(Node(Node(AccumulateGrad(leaf)), AccumulateGrad(leaf), None))
    graph = Graph([root])
    assert kinds(graph) == ["root", "operation", "leaf"]
    assert pairs(graph) == [(1, 0), (2, 0), (2, 1)]


def test_a_chain_of_100000_operations_is_walked_without_recursion():
    node = AccumulateGrad(Tensor())
    for _ in range(100_000):
        node = Node(node)
    graph = Graph([Tensor(node)])
    assert len(graph.boxes) == 100_001
    assert pairs(graph)[-1] == (100_000, 99_999)


def test_the_root_is_numbered_first_and_inputs_follow_in_order(torch, regression):
    r = regression
    graph = Graph([r.b + r.w * r.x])
    assert kinds(graph) == ["root", "leaf", "operation", "leaf"]
    assert graph.boxes[1].thing is r.b
    assert graph.boxes[3].thing is r.w


def test_data_that_requires_no_gradient_has_no_box(torch, regression):
    graph = Graph([regression.w * regression.x])
    assert [box.thing for box in graph.boxes if box.kind == "leaf"] == [regression.w]


def test_a_leaf_used_twice_by_one_operation_keeps_two_arrows(torch):
    a = torch.tensor([2.0], requires_grad=True)
    assert Graph([a * a]).arrows == [(1, 0, 0, 0), (1, 0, 1, 0)]


def test_a_leaf_in_two_branches_has_one_box(torch):
    w = torch.tensor([2.0], requires_grad=True)
    graph = Graph([w.exp() + w.sin()])
    assert kinds(graph) == ["root", "operation", "operation", "leaf"]


def test_a_leaf_as_root_stays_a_leaf(torch):
    assert kinds(Graph([torch.ones(1, requires_grad=True)])) == ["leaf"]


def test_a_leaf_as_root_is_the_same_box_as_in_another_roots_graph(torch):
    w = torch.ones(1, requires_grad=True)
    graph = Graph([w, 2 * w])
    assert kinds(graph) == ["leaf", "root"]
    assert pairs(graph) == [(0, 1)]


def test_a_root_without_a_graph_is_a_plain_box(torch):
    assert kinds(Graph([torch.ones(3)])) == ["plain"]


def test_several_roots_are_all_roots_and_share_what_they_share(torch):
    w = torch.ones(1, requires_grad=True)
    error = 2 * w
    graph = Graph([error, error.exp(), error])
    assert kinds(graph) == ["root", "root", "leaf"]
    assert sorted(pairs(graph)) == [(0, 1), (2, 0)]
    assert graph.roots == 2


def test_saved_tensors_of_one_tensor_stay_apart(torch):
    a = torch.tensor([2.0], requires_grad=True)
    graph = Graph([a * a], show_saved=True)
    saved = [box for box in graph.boxes if box.kind == "saved"]
    assert [box.attribute for box in saved] == ["other", "self"]
    assert graph.ties == [(2, 0), (3, 0)]
    assert pairs(graph) == [(1, 0), (1, 0)]


def test_saved_tensors_leave_the_numbers_of_the_other_boxes_as_they_are(torch, regression):
    loss = ((regression.y - regression.w * regression.x) ** 2).mean()
    without, with_saved = Graph([loss]), Graph([loss], show_saved=True)
    assert with_saved.boxes[: len(without.boxes)] == without.boxes
    assert with_saved.arrows == without.arrows


def test_saved_tensors_after_backward_are_freed(torch):
    a = torch.tensor([2.0], requires_grad=True)
    y = a * a
    y.backward()
    saved = [box.thing for box in Graph([y], show_saved=True).boxes if box.kind == "saved"]
    assert saved == ["freed", "freed"]


def test_a_saved_tensor_changed_since_says_so():
    class Changed(Node):
        @property
        def _saved_self(self):
            raise RuntimeError("one of the variables has been modified by an inplace operation")

    (saved,) = saved_values(Changed())
    assert saved == ("self", "changed in place")
    assert isinstance(saved[1], Unreadable)


def test_lists_of_saved_tensors_are_drawn_one_by_one():
    class Kept(Node):
        _saved_dim = 0
        _saved_tensors = (Tensor(), None, Tensor())

    saved = [box.attribute for box in Graph([Tensor(Kept())], show_saved=True).boxes[1:]]
    assert saved == ["tensors[0]", "tensors[2]"]


@pytest.fixture
def double(torch):
    """A custom function that saves its input and keeps an attribute with a leaf's name."""
    if not hasattr(torch.autograd, "Function"):
        pytest.skip("has no custom functions")

    class Double(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x, x)
            ctx.variable = "mine"
            return 2 * x

        @staticmethod
        def backward(ctx, g):
            return 2 * g

    return Double.apply(torch.ones(2, requires_grad=True))


def test_saved_tensors_of_a_custom_function_are_read(double):
    saved = [box.attribute for box in Graph([double], show_saved=True).boxes[2:]]
    assert saved == ["saved_tensors[0]", "saved_tensors[1]"]


def test_a_custom_functions_own_attribute_named_variable_does_not_make_it_a_leaf(double):
    assert kinds(Graph([double])) == ["root", "leaf"]


def test_tensors_are_told_from_everything_else(torch):
    assert is_tensor(torch.ones(1))
    for thing in (None, 1.0, "w", [1.0], torch, type(torch.ones(1)), object()):
        assert not is_tensor(thing)


def test_an_object_that_makes_up_attributes_is_no_tensor_and_is_not_asked():
    class Proxy:
        def __getattr__(self, name):
            pytest.fail(f"asked for {name}")

    assert not is_tensor(Proxy())
