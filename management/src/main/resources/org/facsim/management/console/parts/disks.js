// @ts-check
/**
 * Disks as the trees they are. A base stands left; what was opened on it stands right of it. A chain
 * goes on in one line. Siblings fan out of their base, in the colour of a warning, because no single
 * file then holds the quiesced state, and hosts copy such disks.
 */
import { html, svg } from "../vendor/lit-html/lit-html.js";
import { icon } from "../page.js";
import { baseName, bytes, plural } from "../format.js";

const BOX_WIDTH = 218;
const BOX_HEIGHT = 52;
const GAP_X = 56;
const GAP_Y = 18;
const PAD = 6;

/** @typedef {{disk: any, depth: number, row: number, isSibling: boolean, children: Placed[]}} Placed */

/** @param {any[]} disks roots @param {any[]} files of the machine */
export function diskTrees(disks, files) {
  return disks.map((disk) => html`<div>${tree(disk, files)} ${remark(disk)}</div>`);
}

/** @param {any} root @param {any[]} files */
function tree(root, files) {
  let rows = 0;
  /** @type {Placed[]} */
  const all = [];
  /** @param {any} disk @param {number} depth @param {boolean} isSibling @returns {Placed} */
  function placed(disk, depth, isSibling) {
    const first = rows;
    /** @type {Placed} */
    const node = { disk, depth, row: first, isSibling, children: [] };
    all.push(node);
    disk.children.forEach((/** @type {any} */ child, /** @type {number} */ i) => {
      if (i > 0) {
        rows++;
      }
      node.children.push(placed(child, depth + 1, disk.children.length > 1));
    });
    // a base stands in the middle of what hangs on it
    node.row = node.children.length ? (node.children[0].row + node.children[node.children.length - 1].row) / 2 : first;
    return node;
  }
  placed(root, 0, false);
  const width = (Math.max(...all.map((node) => node.depth)) + 1) * (BOX_WIDTH + GAP_X) - GAP_X + 2 * PAD;
  const height = (rows + 1) * (BOX_HEIGHT + GAP_Y) - GAP_Y + 2 * PAD;
  return html`<div class="disk-tree" tabindex="0" role="region" aria-label=${"Disk tree of " + baseName(root.path)}>
    <svg width=${width} height=${height} viewBox="0 0 ${width} ${height}" role="img" aria-label=${inWords(root)}>
      ${all.flatMap((node) => node.children.map((child) => edge(node, child)))} ${all.map((node) => box(node, files))}
    </svg>
  </div>`;
}

/** @param {Placed} node */
function at(node) {
  return { x: PAD + node.depth * (BOX_WIDTH + GAP_X), y: PAD + node.row * (BOX_HEIGHT + GAP_Y) };
}

/** @param {Placed} from @param {Placed} to */
function edge(from, to) {
  const a = at(from);
  const b = at(to);
  const x = a.x + BOX_WIDTH;
  const y1 = a.y + BOX_HEIGHT / 2;
  const y2 = b.y + BOX_HEIGHT / 2;
  const middle = x + GAP_X / 2;
  return svg`<path class=${"edge" + (to.isSibling ? " sibling" : "")} d="M${x} ${y1} C${middle} ${y1} ${middle} ${y2} ${b.x} ${y2}"></path>`;
}

/** @param {Placed} node @param {any[]} files */
function box(node, files) {
  const { x, y } = at(node);
  const { disk } = node;
  const kind = node.depth === 0 ? "base" : node.isSibling ? "sibling" : "";
  const name = baseName(disk.path);
  const short = name.length > 31 ? name.slice(0, 14) + "…" + name.slice(-15) : name;
  const used = disk.extents
    .map((/** @type {string} */ extent) => files.find((file) => file.name === extent)?.space)
    .reduce((/** @type {number} */ sum, /** @type {any} */ space) => sum + (space?.liveBytes ?? 0), 0);
  const role = node.depth === 0 ? "base" : node.isSibling ? "redo log, a sibling" : "redo log";
  return svg`<g>
    <title>${disk.path}${disk.problem ? ": " + disk.problem : ""}</title>
    <rect class=${"box " + kind} x=${x} y=${y} width=${BOX_WIDTH} height=${BOX_HEIGHT} rx="7"></rect>
    <text x=${x + 11} y=${y + 21}>${short}</text>
    <text class="small" x=${x + 11} y=${y + 39}>${disk.problem ? "broken: " : ""}${role}, ${bytes(used)} live</text>
  </g>`;
}

/** @param {any} disk @returns {number} the most children of one parent */
function widest(disk) {
  return Math.max(disk.children.length, ...disk.children.map(widest));
}

/** @param {any} disk @returns {number} */
function depth(disk) {
  return disk.children.length ? 1 + Math.max(...disk.children.map(depth)) : 0;
}

/** @param {any} disk @returns {string[]} */
function problems(disk) {
  return [...(disk.problem ? [`${baseName(disk.path)}: ${disk.problem}`] : []), ...disk.children.flatMap(problems)];
}

/** @param {any} root */
function inWords(root) {
  const siblings = widest(root);
  if (siblings > 1) {
    return `${siblings} redo logs are siblings on ${baseName(root.path)}`;
  }
  const length = depth(root);
  return length ? `a chain of ${plural(length, "redo log")} on ${baseName(root.path)}` : `${baseName(root.path)}, one whole disk without redo logs`;
}

/** What the shape means for a clone. @param {any} root */
function remark(root) {
  const broken = problems(root);
  if (broken.length) {
    return html`<p class="remark error">${icon("error")} <span>${broken.join("; ")}</span></p>`;
  }
  const siblings = widest(root);
  if (siblings > 1) {
    return html`<p class="remark warning">
      ${icon("warning")}
      <span
        ><b>${siblings} siblings on one base, not a chain.</b> Application-level quiescing leaves this: one redo log takes what the
        machine writes, the other what VSS and its writers wrote to come to rest. The quiesced state is the base <i>and</i> the second
        redo log, so no whole file can be cloned, and a host copies the disk over the network.</span
      >
    </p>`;
  }
  const length = depth(root);
  return length
    ? html`<p class="remark">
        ${icon("info")}
        <span>A chain of ${plural(length, "redo log")}: the machine writes to the last one, and the base stays as it is. While there is
        just one, made for the clone, the quiesced state is the base alone, one whole file: its clone can be offloaded.</span>
      </p>`
    : html`<p class="remark ok">${icon("ok")} <span>One whole disk without redo logs: a clone of it can be offloaded.</span></p>`;
}

