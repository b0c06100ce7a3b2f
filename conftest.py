"""pytest's settings that no option can express."""


def pytest_collection_modifyitems(items):
    """Let a lesson's cell be silent for a minute; nbval itself allows five seconds."""
    for item in items:
        if type(item).__name__ == "IPyNbCell":
            item.output_timeout = 60
