// Tells Python of clicks and selections on Plotly's charts, and shows the picture of the digit under the pointer.
// Streamlit's own events replace a chart with every change and do not include clicks in 3-D.
const SIDE = 28, SHOWN = 84;  // pixels of a digit, in the sheet and on the screen

export default function (component) {
    const {data, setTriggerValue, parentElement} = component;
    parentElement.stopListening?.();
    const charts = new Map();
    const tip = data.sheet ? makeTip(data) : null;

    function attach() {
        for (const key of data.charts) {
            const plot = document.querySelector(`.st-key-${key} .js-plotly-plot`);
            if (plot?.on && charts.get(key)?.plot !== plot) {
                charts.get(key)?.stop();
                charts.set(key, {plot, stop: listen(plot)});
            }
        }
    }

    function listen(plot) {
        const handlers = data.sheet ? {
            plotly_hover: (event) => tip.show(event.points?.[0]?.customdata, event.event),
            plotly_unhover: () => tip.hide(),
            plotly_afterplot: () => tip.hide(),
        } : {
            plotly_click: (event) => {
                const point = event.points?.[0];
                if (point) setTriggerValue("clicked", {id: point.customdata ?? null, x: point.x, y: point.y});
            },
            plotly_selected: (event) => {
                if (!event?.points) return;
                const ids = event.points.map((point) => point.customdata).filter((id) => id !== undefined);
                setTriggerValue("selected", {ids});
            },
            plotly_deselect: () => setTriggerValue("selected", {ids: []}),
        };
        for (const [name, handler] of Object.entries(handlers)) plot.on(name, handler);
        return () => {
            for (const [name, handler] of Object.entries(handlers)) plot.removeListener?.(name, handler);
        };
    }

    const observer = new MutationObserver(attach);
    observer.observe(document.body, {childList: true, subtree: true});
    attach();
    function stop() {
        observer.disconnect();
        for (const chart of charts.values()) chart.stop();
        tip?.remove();
    }

    parentElement.stopListening = stop;
    return stop;
}

function makeTip({sheet, columns}) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = SIDE;
    canvas.className = "digit-pointed-at";
    Object.assign(canvas.style, {
        position: "fixed", width: `${SHOWN}px`, height: `${SHOWN}px`, imageRendering: "pixelated", display: "none",
        pointerEvents: "none", zIndex: 1000, border: "2px solid #8a9499", borderRadius: "6px", background: "#000",
    });
    document.body.append(canvas);
    const leave = (event) => { if (!event.target.closest?.(".js-plotly-plot")) canvas.style.display = "none"; };
    document.addEventListener("pointermove", leave, {passive: true});
    const image = new Image();
    image.src = sheet;
    return {
        show(id, pointer) {
            if (!Number.isInteger(id) || !image.complete || !pointer) return this.hide();
            const x = (id % columns) * SIDE, y = Math.floor(id / columns) * SIDE;
            canvas.getContext("2d").drawImage(image, x, y, SIDE, SIDE, 0, 0, SIDE, SIDE);
            canvas.dataset.digit = id;
            canvas.style.left = `${Math.max(4, Math.min(pointer.clientX - SHOWN / 2, innerWidth - SHOWN - 8))}px`;
            canvas.style.top = `${pointer.clientY > SHOWN + 40 ? pointer.clientY - SHOWN - 28 : pointer.clientY + 28}px`;
            canvas.style.display = "block";
        },
        hide() { canvas.style.display = "none"; },
        remove() { canvas.remove(); document.removeEventListener("pointermove", leave); },
    };
}
