"""How Sphinx makes the book. `make book` gathers its pages in build/book/source and calls it."""

from importlib.metadata import version as version_of

project = "tinygrad_edu"
author = "The tinygrad_edu authors"
project_copyright = f"2026, {author}"
version = release = version_of("tinygrad-edu")

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.napoleon"]
myst_enable_extensions = ["dollarmath", "attrs_inline"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # tools/book.py has run them
nb_merge_streams = True
suppress_warnings = ["mystnb.unknown_mime_type"]

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
html_context = {"default_mode": "auto"}
html_theme_options = {"show_toc_level": 2, "use_fullscreen_button": False}
mathjax_path = "mathjax/tex-chtml.js"  # from npm, at build time
html_copy_source = False

epub_show_urls = "no"
