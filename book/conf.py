"""How Sphinx makes the book. `make book` gathers its pages in build/book/source and calls it."""

import os
import re
from importlib.metadata import version as version_of

from docutils import nodes
from latex2mathml.converter import convert

project = "tinygrad_edu"
author = "The tinygrad_edu authors"
project_copyright = f"2026, {author}"
version = release = version_of("tinygrad-edu")

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.napoleon"]
myst_enable_extensions = ["attrs_inline", "colon_fence", "dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # tools/book.py has run them
nb_merge_streams = True
# A cell for Colab has lines that are IPython's own.
suppress_warnings = ["mystnb.unknown_mime_type", "misc.highlighting_failure"]

default_role = "code"  # docstrings write `code`
autodoc_member_order = "bysource"
autodoc_typehints = "none"
napoleon_google_docstring = True
autosummary_generate = True

html_theme = "sphinx_book_theme"
html_title = "tinygrad_edu"
html_favicon = "_static/icon.svg"
html_static_path = ["_static"]
html_css_files = ["book.css"]
html_js_files = [("try_it.js", {"defer": "defer"})] if tags.has("live") else []  # noqa: F821, Sphinx gives it
html_context = {"default_mode": "auto"}
html_theme_options = {
    "show_toc_level": 2,
    "use_fullscreen_button": False,
    "use_download_button": False,  # it would lead to the page's source, which is not published
    "navbar_persistent": [],  # the search field is in the sidebar
}
html_sidebars = {"**": ["navbar-logo.html", "search-field.html", "sbt-sidebar-nav.html"]}
templates_path = ["_templates"]
html_math_renderer = "mathjax"
mathjax_path = "mathjax/tex-chtml.js"  # from npm, at build time
html_copy_source = False
html_use_index = html_domain_indices = False  # searching finds more

epub_show_urls = "no"
epub_css_files = ["book.css", "ebook.css"]
epub_uid = "book"
epub_identifier = f"tinygrad_edu {version}"
epub_description = "Learn automatic differentiation, with an engine that you can read"


def add_doors(app, pagename, templatename, context, doctree):
    """Put under a lesson's title how to run it, and how to take it along."""
    if not pagename.startswith("lessons/") or app.builder.name != "html":
        return
    context["lesson"] = pagename.removeprefix("lessons/") + ".ipynb"
    context["live"] = app.tags.has("live")
    context["repository"] = os.environ.get("BOOK_REPOSITORY")
    doors = app.builder.templates.render("doors.html", context)
    context["body"] = context["body"].replace("</h1>", f"</h1>\n{doors}", 1)


def set_formula(translator, node):
    """Write a formula as MathML: what reads an EPUB runs no script. tools/book.py asks for it."""
    display = "block" if isinstance(node, nodes.math_block) else "inline"
    tex = re.sub(r"(\\ln|\\log) ", r"\1\\,", node.astext())  # it would write log0
    translator.body.append(convert(tex, display=display))
    raise nodes.SkipNode


def leave_out_style(app, pagename, templatename, context, doctree):
    """Leave out of an EPUB the style sheet that myst-nb writes once the EPUB is packed."""
    if app.builder.name == "epub":
        files = context["css_files"]
        context["css_files"] = [file for file in files if "mystnb" not in str(file.filename)]


def setup(app):
    """Let Sphinx call what this file adds to it."""
    app.connect("html-page-context", add_doors)
    app.connect("html-page-context", leave_out_style)
    app.add_html_math_renderer("mathml", (set_formula, None), (set_formula, None))
