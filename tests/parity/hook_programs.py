"""Random programs about what happens on the way back: hooks, kept gradients, chosen inputs, freed
graphs, and functions of one's own that return, write over or hide what they were given.

Every value is exact, so that nothing but the order and the paths of gradients can differ.
"""

from typing import Any

from hypothesis import strategies as st

START = """
seen = []
def told(*gradients):
    return [None if g is None else g.tolist() for g in gradients]
"""


@st.composite
def hook_programs(draw: Any) -> str:
    """Leaves, a few operations, hooks on any of them, then one to three passes."""
    names = ["a", "b", "c"][: draw(st.integers(1, 3))]
    lines = [
        f"{name} = torch.tensor([{i + 1}., -{i + 1}.], requires_grad={draw(st.booleans())})"
        for i, name in enumerate(names)
    ]
    for i in range(draw(st.integers(1, 6))):
        x, y = (draw(st.sampled_from(names)) for _ in range(2))
        forms = [f"{x} * {y}", f"{x} + {y}", f"{x} * 2", f"{x}.view(2)", f"{x}.clone()"]
        forms += [f"{x}.detach()", f"{x}.unbind()[1] * {y}", f"{x}.sum() + {y}", f"-{x}"]
        lines.append(f"t{i} = {draw(st.sampled_from(forms))}")
        names.append(f"t{i}")
    some = st.sampled_from(names)
    for _ in range(draw(st.integers(0, 3))):
        lines.append(_hook(draw, draw(some)))
    for _ in range(draw(st.integers(1, 3))):
        wanted = ", ".join(draw(st.lists(some, min_size=1, max_size=3, unique=True)))
        lines.append(_pass(draw, draw(some), wanted))
    return START + "\n".join(lines)


def _hook(draw: Any, x: str) -> str:
    forms = [
        f"{x}.register_hook(lambda g: seen.append(['{x}', g.tolist()]))",
        f"{x}.retain_grad()",
        f"{x}.grad_fn.register_prehook(lambda out: seen.append(['before {x}', told(*out)]))",
        f"{x}.grad_fn.register_hook("
        f"lambda to, out: seen.append(['after {x}', told(*to), told(*out)]))",
    ]
    return "_handle = " + draw(st.sampled_from(forms))


def _pass(draw: Any, root: str, wanted: str) -> str:
    keep, unused = draw(st.booleans()), draw(st.booleans())
    forms = [
        f"{root}.sum().backward(retain_graph={keep})",
        f"{root}.sum().backward(inputs=[{wanted}], retain_graph={keep})",
        f"seen.append(told(*torch.autograd.grad({root}.sum(), [{wanted}], allow_unused={unused}, "
        f"retain_graph={keep})))",
    ]
    return draw(st.sampled_from(forms))


@st.composite
def function_programs(draw: Any) -> str:
    """A Function whose forward returns new tensors, its arguments, views of them, or anything."""
    arguments = ["p", "q", "r"][: draw(st.integers(1, 3))]
    one = st.sampled_from(arguments)
    results = [draw(st.sampled_from(RESULTS)).format(draw(one), draw(one)) for _ in range(2)]
    results = results[: draw(st.integers(1, 2))]
    dirty = [text[0] for text in results if ".mul_" in text]
    if dirty:  # a view of what is written over besides is not what anybody means
        results = [text if ".mul_" in text else "p * 1" for text in results]
    hidden = draw(st.booleans()) and draw(st.booleans())
    body = [f"z{i} = {text}" for i, text in enumerate(results)]
    body += [f"ctx.mark_dirty({', '.join(dict.fromkeys(dirty))})"] * bool(dirty)
    body += ["ctx.mark_non_differentiable(z0)"] * (hidden and "None" not in results[0])
    body += [f"ctx.save_for_backward({draw(st.sampled_from([*arguments, 'None']))})"]
    body += [f"ctx.set_materialize_grads({draw(st.booleans())})"]
    body += [f"return {', '.join(f'z{i}' for i in range(len(results)))}"]
    back = [draw(st.sampled_from([f"{i + 1} * g", f"{i + 1} * g", "None"])) for i in range(3)]
    given = [draw(st.sampled_from(["a", "a * 1", "b * 2", "b", "c"])) for _ in arguments]
    return START + "\n".join(
        [
            f"def forward(ctx, {', '.join(arguments)}):",
            *[f"    {line}" for line in body],
            "def backward(ctx, *gradients):",
            "    seen.append([told(*gradients), told(*ctx.saved_tensors)])",
            "    g = sum([g.sum() for g in gradients if g is not None]) * torch.ones(2)",
            f"    return {', '.join(back[: len(arguments)])}",
            "_methods = {'forward': staticmethod(forward), 'backward': staticmethod(backward)}",
            "Mine = type('Mine', (torch.autograd.Function,), _methods)",
            "a = torch.tensor([1., -1.], requires_grad=True)",
            "b = torch.tensor([2., -2.], requires_grad=True)",
            "c = torch.tensor([3., -3.])",
            f"given = [{', '.join(given)}]",
            f"out = Mine.apply(*given){'[0]' if len(results) > 1 else ''}",
            "out is given[0], out.requires_grad, out.is_leaf",
            "out.add_(1)" if draw(st.booleans()) else "(out * out).sum().backward()",
            "out.sum().backward()",
        ]
    )


RESULTS = [
    "{} * 2 + {}",
    "{} * {}",
    "{}",
    "{}.view(1, 2)",
    "{}[:1]",
    "{}.mul_(2)",
    "{} > 0",
    "None",
]
