/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The names that a step may use: those that the site declares, and what earlier steps made. Notes a
 * problem for each name that is not there, and then returns a name that is, so that reading can go
 * on.
 */
final class Names {
  private final Site site;
  private final Map<String, Home> homeByVm = new LinkedHashMap<>();
  private final Map<String, DeclaredVm> contentsByVm = new LinkedHashMap<>();
  private final Set<String> marks = new LinkedHashSet<>();
  private final Set<String> faults = new LinkedHashSet<>();
  private final Map<String, List<LedgerFigure>> figuresByMark = new LinkedHashMap<>();

  /** Where a VM is: a host and its datastore. */
  record Home(String host, String datastore) {}

  Names(Site site) {
    this.site = site;
    site.virtualMachines().values().forEach(this::made);
  }

  Site site() {
    return site;
  }

  /** A VM is there as it is declared. */
  void made(Site.Vm vm) {
    homeByVm.put(vm.name(), new Home(vm.host(), vm.datastore()));
    DeclaredVm declared = new DeclaredVm(vm);
    contentsByVm.put(vm.name(), declared);
  }

  /** A VM is there as another one is, without its snapshots. */
  void made(String vm, String host, String datastore, String like) {
    moved(vm, host, datastore);
    contentsByVm.put(vm, contentsByVm.get(like).withoutSnapshots());
  }

  /** A VM is elsewhere now. */
  void moved(String vm, String host, String datastore) {
    homeByVm.put(vm, new Home(host, datastore));
  }

  /** A VM of which nothing is known but its name, because the step that makes it is wrong. */
  void madeSomehow(String vm) {
    String host = site.hosts().keySet().iterator().next();
    moved(vm, host, firstDatastore(host));
    contentsByVm.put(vm, DeclaredVm.UNKNOWN);
  }

  /** Whether a VM of the name may be there. */
  boolean isMade(String vm) {
    return homeByVm.containsKey(vm);
  }

  /** The disks and snapshots of a VM, as far as a file tells. */
  DeclaredVm contents(String vm) {
    return contentsByVm.get(vm);
  }

  void marked(String mark) {
    marks.add(mark);
  }

  /** A fault of that name may apply from here on. */
  void faulted(String name) {
    faults.add(name);
  }

  /** Notes a problem if no step before has added a fault that the label under {@code fault} is. */
  void requireFault(YamlNode node) {
    Optional<YamlNode> label = node.get("fault");
    if (label.isPresent() && !label.get().text().matches("any|none|rule [0-9]{1,9}.*")) {
      label.get().declared("fault", faults);
    }
  }

  /** What must be read at each mark. */
  Map<String, List<LedgerFigure>> figuresByMark() {
    return figuresByMark;
  }

  // ---------------------------------------------------------------- what a step names

  /** The array under {@code array}, or the only one. */
  String array(YamlNode node) {
    Optional<YamlNode> named = node.get("array");
    if (named.isPresent()) {
      return named.get().declared("array", site.arrays().keySet()) ? named.get().text() : first();
    }
    if (site.arrays().size() > 1) {
      node.wrong(
          "no array, and there are several; allowed: array: "
              + String.join(" | ", site.arrays().keySet()));
    }
    return first();
  }

  String first() {
    return site.arrays().keySet().iterator().next();
  }

  /** The volume under {@code volume}; empty if there is no such key. */
  Optional<String> volume(YamlNode node, String array) {
    Set<String> volumes = site.arrays().get(array).volumes().keySet();
    return node.get("volume")
        .map(named -> named.declared("volume", volumes) ? named.text() : volumes.iterator().next());
  }

  /** The host under {@code host}, or the first. */
  String host(YamlNode node) {
    Set<String> hosts = site.hosts().keySet();
    return node.get("host")
        .filter(named -> named.declared("host", hosts))
        .map(YamlNode::text)
        .orElse(hosts.iterator().next());
  }

  /** The datastore of a host under {@code datastore}; empty if there is no such key. */
  Optional<String> datastore(YamlNode node, String host) {
    Set<String> datastores = site.hosts().get(host).mounts().keySet();
    return node.get("datastore")
        .map(
            named ->
                named.declared("datastore of " + host, datastores)
                    ? named.text()
                    : datastores.iterator().next());
  }

  String firstDatastore(String host) {
    return site.hosts().get(host).mounts().keySet().iterator().next();
  }

  /** The VM that a value names; empty, with a problem noted, if there is none of that name. */
  Optional<String> vm(YamlNode named) {
    return named.declared("vm", homeByVm.keySet()) ? Optional.of(named.text()) : Optional.empty();
  }

  Home home(String vm) {
    return homeByVm.get(vm);
  }

  /** The mount under which a VM's files are. */
  Site.Mount mountOf(String vm) {
    Home home = homeByVm.get(vm);
    return site.hosts().get(home.host).mounts().get(home.datastore);
  }

  /** The mark under {@code since}; empty if there is no such key. */
  Optional<String> since(YamlNode node) {
    return node.get("since").filter(named -> named.declared("mark", marks)).map(YamlNode::text);
  }

  /** Has a figure read at a mark. */
  void wantFigure(String mark, LedgerFigure figure) {
    figuresByMark.computeIfAbsent(mark, key -> new ArrayList<>()).add(figure);
  }

  /** Notes a problem if a VM of the name is there already. */
  void requireNew(YamlNode name) {
    if (homeByVm.containsKey(name.text())) {
      name.wrong(
          "vm '"
              + name.text()
              + "' is there already; allowed: a name other than "
              + String.join(", ", homeByVm.keySet()));
    }
  }
}
