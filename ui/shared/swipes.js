// Lets a vertical swipe with one finger over any chart scroll the page: Plotly takes every touch for a drag, and forbids the
// browser to scroll. In 2-D it gets none; a tap reaches it as the mouse events that the browser makes of it. In 3-D it gets
// those that begin sideways, which turn the map. With a tool from the chart's buttons, as the lasso, it gets all.
const CHART = ".js-plotly-plot";

export default function ({parentElement}) {
    parentElement.stopLeaving?.();
    const charts = new Map();

    function attach() {
        for (const plot of document.querySelectorAll(CHART)) {
            if (!charts.has(plot)) charts.set(plot, leaveSwipes(plot));
        }
        for (const [plot, stop] of charts) {
            if (plot.isConnected) continue;
            stop();
            charts.delete(plot);
        }
    }

    const observer = new MutationObserver(attach);
    observer.observe(document.body, {childList: true, subtree: true});
    attach();
    function stop() {
        observer.disconnect();
        for (const leave of charts.values()) leave();
    }

    parentElement.stopLeaving = stop;
    return stop;
}

function leaveSwipes(plot) {
    let start = null, scrolls = false;
    const options = {capture: true, passive: true};
    const tool = () => plot.layout?.scene?.dragmode ?? plot.layout?.dragmode ?? "zoom";
    const isDefault = () => tool() === (plot.layout?.scene ? "orbit" : "zoom");

    function begin(event) {
        [start] = event.touches.length === 1 && isDefault() ? event.touches : [null];
        scrolls = false;
        if (isDefault() && !plot.layout?.scene) event.stopPropagation();
    }

    function move(event) {
        if (start) {
            const {clientX, clientY} = event.touches[0];
            scrolls = Math.abs(clientY - start.clientY) >= Math.abs(clientX - start.clientX);
            start = null;
        }
        if (scrolls) event.stopPropagation();
    }

    plot.addEventListener("touchstart", begin, options);
    plot.addEventListener("touchmove", move, options);
    return () => {
        plot.removeEventListener("touchstart", begin, options);
        plot.removeEventListener("touchmove", move, options);
    };
}
