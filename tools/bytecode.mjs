// Compile the Python in wheels with Pyodide's own Python: node bytecode.mjs PYODIDE WHEELS
// A browser then imports IPython in two seconds instead of four. Our own sources stay beside it, for
// learners read them; those of others go, for to unpack them takes half a second.
import { pathToFileURL } from "node:url";

const [pyodideFolder, wheels] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${pyodideFolder}/pyodide.mjs`));
const pyodide = await loadPyodide();
pyodide.mountNodeFS("/wheels", wheels);
pyodide.runPython(`
import compileall, pathlib, py_compile, shutil, warnings, zipfile

warnings.simplefilter("ignore")  # of other people's sources

UNCHECKED = py_compile.PycInvalidationMode.UNCHECKED_HASH  # unpacking changes the files' times
for wheel in sorted(pathlib.Path("/wheels").glob("*.whl")):
    unpacked = pathlib.Path("/unpacked")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(unpacked)
    ours = wheel.name.startswith("tinygrad_edu")
    compileall.compile_dir(
        unpacked, quiet=2, stripdir=unpacked, legacy=not ours, invalidation_mode=UNCHECKED
    )
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(unpacked.rglob("*")):
            if path.is_file() and (ours or path.suffix != ".py"):
                packed.write(path, path.relative_to(unpacked))
    shutil.rmtree(unpacked)
`);
process.exit(0);
