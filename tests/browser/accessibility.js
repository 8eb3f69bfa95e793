// Measures on a page what axe-core leaves to people: the contrast of words in charts, and where the focus can be seen.
window.accessibility = {
    // [word, contrast] of each word in a chart, on its own plate if it has one. Plotly picks the words of a heat map.
    chartWords() {
        return [...document.querySelectorAll(".js-plotly-plot text, .needle text")].filter(
            (word) => word.textContent.trim() && word.getBoundingClientRect().width && !word.closest(".heatmap-label"),
        ).map((word) => {
            const {fill, fillOpacity} = getComputedStyle(word), plate = plateOf(word);
            const ground = plate ?? groundOf(word.closest("div"));
            return [word.textContent, contrast([...channels(fill).slice(0, 3), Number(fillOpacity)], ground)];
        });
    },

    // [name, contrast] of what has the focus: of the ring around it, or around what stands for it on the screen.
    focused() {
        const now = document.activeElement;
        if (now === document.body) return ["", 0];
        let place = now;
        while (place && !ring(place)) place = place.parentElement;
        const seen = place && now.checkVisibility({opacityProperty: true, visibilityProperty: true});
        return [nameOf(now), seen ? contrast(ring(place), groundOf(place.parentElement)) : 0];
    },
};

function nameOf(element) {
    const lines = element.innerText.split("\n").filter((line) => line && !/^[a-z_]+$/.test(line));  // those are icons
    return element.getAttribute("aria-label") ?? lines[0] ?? "";
}

function ring(element) {
    const {outlineStyle, outlineWidth, outlineColor} = getComputedStyle(element);
    if (outlineStyle === "solid" && parseFloat(outlineWidth) >= 2) return channels(outlineColor);
    const field = element.matches("[data-testid='stNumberInputContainer']");  // its border takes the colour
    return field ? channels(getComputedStyle(element).borderTopColor) : null;
}

function plateOf(word) {
    const plate = word.parentElement.querySelector(":scope > rect.bg");
    const {fill, fillOpacity} = plate ? getComputedStyle(plate) : {};
    return plate && fill !== "none" && Number(fillOpacity) ? channels(fill).slice(0, 3) : null;
}

function groundOf(element) {
    const above = [];
    for (let at = element; at; at = at.parentElement) above.unshift(channels(getComputedStyle(at).backgroundColor));
    return above.reduce((below, each) => over(each, below), [255, 255, 255]);
}

function channels(colour) {
    return [...colour.matchAll(/[\d.]+/g)].map(Number);
}

function over([r, g, b, alpha = 1], ground) {
    return [r, g, b].map((part, i) => alpha * part + (1 - alpha) * ground[i]);
}

function contrast(ink, ground) {
    const [low, high] = [luminance(over(ink, ground)), luminance(ground)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
}

function luminance(rgb) {
    const [r, g, b] = rgb.map((part) => part / 255).map((p) => (p <= 0.04045 ? p / 12.92 : ((p + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
