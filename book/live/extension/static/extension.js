// What the lessons need of JupyterLite, as an extension without a build step: JupyterLab asks the
// container at the end for its one plugin. Everything happens through JupyterLab's public tokens.
let shared;

/** Return a module that JupyterLab shares with its extensions. */
async function from(name) {
    const [version] = Object.values(shared[name]);
    return (await version.get())();
}

/** Wait until the service worker is in charge: through it, Python sees the files beside a lesson. */
async function filesAreSeen(workers) {
    const { serviceWorker } = navigator; // by plain http, a browser has none
    for (let waited = 0; serviceWorker && waited < 10_000; waited += 50) {
        if (workers.enabled && serviceWorker.controller) return;
        await new Promise((go) => setTimeout(go, 50));
    }
}

/**
 * Run All goes on after a cell that is meant to fail. JupyterLab says with `stop_on_error` whether
 * it should (tag raises-exception); JupyterLite ends the run at each error but an interrupt.
 */
function goOnAfterWantedErrors(kernels, workers) {
    const create = kernels.factories.get("python");
    kernels.factories.set("python", async (options) => {
        let kernel;
        await filesAreSeen(workers);
        kernel = await create({ ...options, sendMessage });
        return kernel;

        function sendMessage(message) {
            if (kernel?.parent?.content.stop_on_error === false) {
                message.metadata.cause ??= "interrupt";
            }
            options.sendMessage(message);
        }
    });
}

/** Paths in a traceback stay text: there is no server to ask where a file lies. */
function linkNoPaths(resolvers) {
    const createResolver = resolvers.createResolver;
    resolvers.createResolver = (options) => {
        const resolver = createResolver(options);
        resolver.resolvePath = undefined;
        return resolver;
    };
}

/** Python starts while the page is still being built: three seconds earlier. */
async function startPython(sessions, path) {
    const name = path.split("/").pop();
    const kernel = { name: "python" };
    const connection = await sessions.startNew({ path, name, type: "notebook", kernel });
    connection.dispose(); // the notebook opens its own, which knows widgets
}

/** Return a bar with a way back to the book, and one back to the lesson as it was. */
async function bar(app, path) {
    const { Widget } = await from("@lumino/widgets");
    const node = document.createElement("div");
    const book = document.createElement("a");
    book.href = `../../lessons/${path.replace(/ipynb$/, "html")}`;
    book.textContent = "Page of the book";
    const again = document.createElement("button");
    again.className = "jp-mod-styled jp-mod-reject";
    again.textContent = "Start over";
    again.title = "Bring back this lesson as it was";
    again.onclick = () => startOver(app, path);
    book.style.cssText = "color: var(--jp-content-link-color); white-space: nowrap";
    node.style.cssText = "display: flex; align-items: center; gap: 1em; margin-left: 1em";
    node.append(book, again);
    const widget = new Widget({ node });
    widget.id = "lesson-bar";
    return widget;
}

/** Put the lesson as it was in the place of the learner's, if that is what is wanted. */
async function startOver(app, path) {
    const { Dialog, showDialog } = await from("@jupyterlab/apputils");
    const { button } = await showDialog({
        title: "Start this lesson over?",
        body: "Your changes to this notebook are lost. The exercises you passed stay noted.",
        buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: "Start over" })],
    });
    if (!button.accept) return;
    const { contents } = app.serviceManager;
    const content = await (await fetch(new URL(`../files/${path}`, location))).json();
    await contents.save(path, { type: "notebook", format: "json", content });
    await app.shell.currentWidget.context.revert();
}

/** Call a function once JupyterLite has told of its Python. */
function onceKnown(kernels, then) {
    if (kernels.factories.has("python")) then();
    else kernels.changed.connect(function known() {
        kernels.changed.disconnect(known);
        then();
    });
}

async function plugin() {
    const { IKernelSpecs } = await from("@jupyterlite/services");
    const { IServiceWorkerManager } = await from("@jupyterlite/apputils");
    const { IUrlResolverFactory } = await from("@jupyterlab/rendermime");
    return {
        id: "tinygrad-edu:lessons",
        autoStart: true,
        requires: [IKernelSpecs, IServiceWorkerManager, IUrlResolverFactory],
        activate(app, kernels, workers, resolvers) {
            const path = new URLSearchParams(location.search).get("path");
            const alone = path && location.pathname.includes("/notebooks/");
            linkNoPaths(resolvers);
            onceKnown(kernels, () => {
                goOnAfterWantedErrors(kernels, workers);
                if (alone) startPython(app.serviceManager.sessions, path);
            });
            if (alone) bar(app, path).then((node) => app.shell.add(node, "top", { rank: 1000 }));
        },
    };
}

window._JUPYTERLAB["tinygrad-edu"] = {
    init(scope) {
        shared = scope;
    },
    async get() {
        const exported = { __esModule: true, default: await plugin() };
        return () => exported;
    },
};
