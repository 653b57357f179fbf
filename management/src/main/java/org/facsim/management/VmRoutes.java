/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.facsim.array.Volume;
import org.facsim.services.control.ArrayControl;
import org.facsim.services.control.vm.Vm;
import org.facsim.services.control.vm.VmInventory;
import org.facsim.services.control.vm.VmPage;
import org.facsim.services.control.vm.VmRates;
import org.facsim.services.control.vm.VmSpace;

/** Virtual machines as the console of an array groups files. */
final class VmRoutes {
  private static final String VMS = "/api/v1/vms";
  private static final int OK = 200;
  private static final int USUAL = 1000;

  private static final Map<String, Comparator<Vm>> ORDERS = orders();

  private final ArrayControl array;

  VmRoutes(ArrayControl array) {
    this.array = array;
  }

  void addTo(Routes routes) {
    routes.get(VMS, this::vms);
    routes.get(VMS + "/:volume/*", this::vm);
  }

  /**
   * VMs.
   *
   * @param version ask with it as {@code since} for what changed meanwhile
   * @param complete false if it is not known what changed since the version that was asked for:
   *     then {@code items} are all, and what the client has is to be thrown away
   * @param total how many VMs there are
   * @param matched how many meet the conditions; {@code items} may have fewer
   * @param space the sum of those that meet them
   * @param rates likewise
   * @param gone the ids of VMs that are gone since
   */
  record VmsJson(
      long version,
      boolean complete,
      int total,
      int matched,
      VmSpace space,
      VmRates rates,
      List<Vm> items,
      List<String> gone) {}

  private static Map<String, Comparator<Vm>> orders() {
    Map<String, Comparator<Vm>> orders = new HashMap<>();
    text(orders, "id", Vm::id);
    text(orders, "name", vm -> vm.name().toLowerCase(Locale.ROOT));
    text(orders, "volume", Vm::volume);
    number(orders, "usedBytes", vm -> vm.space().usedBytes());
    number(orders, "provisionedBytes", vm -> vm.space().provisionedBytes());
    number(orders, "uniqueBytes", vm -> vm.space().uniqueBytes());
    number(orders, "sharedBytes", vm -> vm.space().sharedBytes());
    number(orders, "liveBytes", vm -> vm.space().liveBytes());
    number(orders, "hypervisorSnapshotBytes", vm -> vm.space().hypervisorSnapshotBytes());
    number(orders, "arraySnapshotBytes", vm -> vm.space().arraySnapshotBytes());
    number(orders, "files", Vm::files);
    number(orders, "disks", Vm::disks);
    number(orders, "redoLogs", Vm::redoLogs);
    number(orders, "arraySnapshots", Vm::arraySnapshots);
    rate(orders, "ops", vm -> vm.rates().ops());
    rate(orders, "bytes", vm -> vm.rates().bytes());
    rate(orders, "latencyNanos", vm -> vm.rates().latencyNanos());
    return Map.copyOf(orders);
  }

  private static void text(
      Map<String, Comparator<Vm>> orders, String name, Function<Vm, String> key) {
    orders.put(name, Comparator.comparing(key));
  }

  private static void number(
      Map<String, Comparator<Vm>> orders, String name, ToLongFunction<Vm> key) {
    orders.put(name, Comparator.comparingLong(key));
  }

  private static void rate(
      Map<String, Comparator<Vm>> orders, String name, ToDoubleFunction<Vm> key) {
    orders.put(name, Comparator.comparingDouble(key));
  }

  /**
   * The order that {@code sort} asks for: keys separated by commas, a minus before those that
   * descend. Ties are by id.
   */
  private static Comparator<Vm> order(String sort) {
    Comparator<Vm> order = null;
    for (String each : sort.split(",", -1)) {
      boolean isDescending = each.startsWith("-");
      Comparator<Vm> one = ORDERS.get(isDescending ? each.substring(1) : each);
      if (one == null) {
        throw Problem.badRequest(
            "parameter 'sort': '"
                + each
                + "'; allowed, with a minus before it for the other direction: "
                + String.join(", ", new TreeSet<>(ORDERS.keySet())));
      }
      Comparator<Vm> directed = isDescending ? one.reversed() : one;
      order = order == null ? directed : order.thenComparing(directed);
    }
    return order.thenComparing(Vm::id);
  }

  private void vms(RoutingContext context) {
    Asked asked = Asked.of(context, "since", "volume", "text", "sort", "offset", "limit");
    VmInventory inventory = array.vms();
    VmPage page =
        asked.has("since")
            ? inventory.since(asked.number("since", 0, 0, Long.MAX_VALUE))
            : inventory.all();
    String volume = asked.text("volume").orElse(null);
    String text = asked.text("text").map(given -> given.toLowerCase(Locale.ROOT)).orElse("");
    List<Vm> matched = new ArrayList<>();
    VmSpace space = VmSpace.NONE;
    VmRates rates = VmRates.NONE;
    for (Vm vm : page.vms()) {
      if ((volume == null || vm.volume().equals(volume)) && contains(vm, text)) {
        matched.add(vm);
        space = space.plus(vm.space());
        rates = rates.plus(vm.rates());
      }
    }
    asked.text("sort").map(VmRoutes::order).ifPresent(matched::sort);
    Answers.json(
        context,
        OK,
        new VmsJson(
            page.version(),
            page.isComplete(),
            inventory.count(),
            matched.size(),
            space,
            rates,
            asked.part(matched, USUAL, VmInventory.MAX_VMS),
            page.gone()));
  }

  private static boolean contains(Vm vm, String text) {
    return text.isEmpty()
        || vm.id().toLowerCase(Locale.ROOT).contains(text)
        || vm.name().toLowerCase(Locale.ROOT).contains(text);
  }

  private void vm(RoutingContext context) {
    Volume volume = RequestedVolume.of(context, array);
    String path = Asked.rest(context);
    Answers.json(
        context,
        OK,
        array
            .vms()
            .find(volume, path)
            .orElseThrow(
                () ->
                    Problem.notFound(
                        "volume '"
                            + volume.name()
                            + "' has no VM in '"
                            + path
                            + "': a VM is a directory with a .vmx or .vmdk file")));
  }
}
