// @ts-check
/** From the JSON of the management API to what pages draw. Only here are its names known twice. */
import { baseName, pathInAddress } from "./format.js";

/** The address of a machine's page. @param {string} volume @param {string} path */
export function vmAddress(volume, path) {
  return "/vms/" + pathInAddress(path ? volume + "/" + path : volume);
}

/** How the array tells of a destination that a host named by its handle: that is no path. */
const BY_HANDLE = "by its handle";

/** With a reason that says more. @param {string} word @param {string | undefined} reason */
function said(word, reason) {
  return reason && !word.includes(reason) ? `${word}: ${reason}` : word;
}

/** The address of the story of a file. @param {string} path /VOLUME/FILE */
export function storyAddress(path) {
  return "/clones" + pathInAddress(path.startsWith("/") ? path : "/" + path);
}

/** @param {any} vm */
export function vmRow(vm) {
  const { space, rates } = vm;
  return {
    id: vm.id,
    volume: vm.volume,
    path: vm.path,
    // the directory, because a clone that the array made still calls itself as its source does
    name: baseName(vm.path) || vm.volume,
    displayName: vm.name,
    href: vmAddress(vm.volume, vm.path),
    files: vm.files,
    disks: vm.disks,
    redoLogs: vm.redoLogs,
    arraySnapshots: vm.arraySnapshots,
    isRunning: vm.isLocked,
    parent: vm.parent ?? null,
    provisionedBytes: space.provisionedBytes,
    usedBytes: space.usedBytes,
    uniqueBytes: space.uniqueBytes,
    sharedBytes: space.sharedBytes,
    reservedBytes: space.reservedBytes,
    liveBytes: space.liveBytes,
    hypervisorSnapshotBytes: space.hypervisorSnapshotBytes,
    arraySnapshotBytes: space.arraySnapshotBytes,
    iops: rates.readOps + rates.writeOps,
    bytesPerSecond: rates.readBytes + rates.writeBytes,
    latencyNanos: rates.latencyNanos,
  };
}

/** @typedef {"ok" | "warning" | "error" | "running" | "info" | "off"} Severity */

/** How a clone came out, in words and by severity. @type {Record<string, {word: string, severity: Severity, text: string}>} */
export const OUTCOMES = {
  "under-way": { word: "under way", severity: "running", text: "The array works on it." },
  shared: { word: "free: blocks shared", severity: "ok", text: "The array shared the blocks: nothing was copied, nothing crossed the network." },
  "copied-inside": { word: "copied in the array", severity: "ok", text: "The array copied the blocks itself: nothing crossed the network, but the copy takes space." },
  "dry-run": { word: "dry run", severity: "info", text: "The host only asked whether it would work." },
  refused: { word: "refused", severity: "warning", text: "The array refused, so the host copied the data over the network, if it still wanted the clone." },
  "not-executed": { word: "kept from the array", severity: "warning", text: "A fault kept the call from the array." },
  failed: { word: "failed", severity: "error", text: "The array began and failed." },
  aborted: { word: "cancelled", severity: "warning", text: "It was cancelled; nothing of it is left." },
  lost: { word: "lost", severity: "error", text: "The array went away meanwhile, and nobody finishes it." },
  written: { word: "copied by the host", severity: "warning", text: "No clone was asked for: a host wrote the file over the network, block by block." },
  unknown: { word: "not known", severity: "info", text: "The array does not remember how the file got its contents." },
};

/** @param {string} outcome */
export function outcomeOf(outcome) {
  return OUTCOMES[outcome] ?? { word: outcome, severity: "info", text: "" };
}

/** Who cloned, in the demo's words. @type {Record<string, {word: string, severity: Severity}>} */
export const CLONED_BY = {
  "array-offload": { word: "offloaded: free", severity: "ok" },
  "array-ui": { word: "made in the array: free", severity: "ok" },
  "host-copy": { word: "copied by the host", severity: "warning" },
};

/** @param {string} state of a job @returns {Severity} */
function severityOf(state) {
  return state === "SUCCEEDED" ? "ok" : state === "FAILED" || state === "LOST" ? "error" : state === "ABORTED" ? "warning" : "running";
}

/** One sentence for an event. @param {any} event @returns {{severity: Severity, text: string, href?: string}} */
export function eventInWords(event) {
  const c = event.change ?? {};
  switch (event.type) {
    case "VolumeCreated":
      return { severity: "info", text: `Volume ${c.volume} was made` };
    case "VolumeResized":
      return { severity: "info", text: `Volume ${c.volume} has another size` };
    case "VolumeDeleted":
      return { severity: "warning", text: `Volume ${c.volume} was deleted` };
    case "ExportsChanged":
      return { severity: "info", text: `Volume ${c.volume}: ${c.exported === false ? "is no longer exported" : "other export rules: " + (c.rules ?? []).join(" ")}` };
    case "ProfileChanged":
      return { severity: "info", text: `Volume ${c.volume} behaves as profile ${c.profile}` };
    case "SnapshotCreated":
      return { severity: "info", text: `Snapshot ${c.snapshot} of volume ${c.volume} was taken` };
    case "SnapshotDeleted":
      return { severity: "info", text: `Snapshot ${c.snapshot} of volume ${c.volume} was deleted` };
    case "VmCloned":
      return { severity: "ok", text: `The array cloned ${c.vm} to ${c.cloneName}: every block shared`, href: vmAddress(c.volume, c.cloneName) };
    case "StateSaved":
      return { severity: "info", text: `State ${c.state} was saved` };
    case "StateRestored":
      return { severity: "warning", text: `The array went back to state ${c.state}` };
    case "StateDeleted":
      return { severity: "info", text: `State ${c.state} was deleted` };
    case "ConsoleCloneChanged":
      return {
        severity: severityOf(c.to),
        text: `The array clones ${c.source} to ${c.path}: ${String(c.to).toLowerCase()}${c.reason ? ": " + c.reason : ""}`,
        href: c.to === "SUCCEEDED" ? vmAddress(c.volume, c.path) : "/clones",
      };
    case "JobChanged":
      return {
        severity: severityOf(c.to),
        text: `Clone job ${c.jobId} of ${c.client}: ${said(String(c.to).toLowerCase() + (c.error ? ` (${c.error})` : ""), c.reason)}`,
      };
    case "CloneExplained": {
      const outcome = outcomeOf(c.outcome);
      const path = c.destination === BY_HANDLE ? "" : String(c.destination ?? "");
      return {
        severity: outcome.severity,
        text: `Clone ${path ? `of ${c.client} to ${path}` : `job ${c.jobId ?? ""} of ${c.client} came out`}: ${said(outcome.word, c.reason)}`,
        href: !path ? "/clones" : storyAddress(path.startsWith("/" + c.volume + "/") ? path : `/${c.volume}/${path.replace(/^\//, "")}`),
      };
    }
    case "LocksFreed":
      return { severity: "warning", text: `Locks of ${c.client} were freed` };
    case "ArrayWentAway":
      return { severity: "error", text: `The array went away: ${c.reason}` };
    case "ArrayCameBack":
      return { severity: "ok", text: `The array is back: ${c.reason}` };
    default:
      return { severity: "info", text: `${event.type} ${JSON.stringify(c)}` };
  }
}

/** The path of a file as an explanation names it, whole. @param {string} volume @param {string} path */
export function wholePath(volume, path) {
  const text = path.startsWith("/") ? path : "/" + path;
  return text.startsWith(`/${volume}/`) ? text : `/${volume}${text}`;
}
