/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.facsim.array.Volume;
import org.facsim.services.control.ArrayControl;

/** How the array is set up. Secrets are never shown. */
final class ConfigurationRoutes {
  private static final int OK = 200;

  private final ArrayControl array;
  private final ShownConfiguration shown;
  private final DoorAccess access;
  private final HttpDoor.Beside beside;

  ConfigurationRoutes(
      ArrayControl array, ShownConfiguration shown, DoorAccess access, HttpDoor.Beside beside) {
    this.beside = beside;
    this.access = access;
    this.array = array;
    this.shown = shown;
  }

  void addTo(Routes routes) {
    routes.get("/api/v1/configuration", this::configuration);
  }

  /**
   * The array and its program.
   *
   * @param version of the program; null if an embedding program does not say
   * @param durable whether it keeps everything in a data directory
   * @param starts how often it has started there; 0 for the first run in memory
   * @param addresses by door
   * @param lab whether a lab runs beside it
   * @param demo whether a person may start the demo
   * @param settings of the program, as it was started
   */
  record ConfigurationJson(
      String version,
      boolean durable,
      long starts,
      Map<String, String> addresses,
      SecurityJson security,
      List<VolumeSettingsJson> volumes,
      boolean lab,
      boolean demo,
      List<ShownConfiguration.Setting> settings) {}

  /** What a client needs to reach the HTTP door. */
  record SecurityJson(boolean tokenRequired, boolean tls) {}

  /** A volume with what is stored with it. */
  record VolumeSettingsJson(
      String name, long sizeBytes, String profile, boolean exported, List<String> rules) {}

  private void configuration(RoutingContext context) {
    var unused = Asked.of(context);
    Map<String, String> addresses = new TreeMap<>();
    InetSocketAddress nfs = array.nfs().address();
    addresses.put("nfs", nfs.getAddress().getHostAddress() + ":" + nfs.getPort());
    SocketAddress http = context.request().localAddress();
    addresses.put("http", http.hostAddress() + ":" + http.port());
    Answers.json(
        context,
        OK,
        new ConfigurationJson(
            shown.version(),
            array.nfs().isDurable(),
            array.nfs().starts(),
            addresses,
            new SecurityJson(access.isTokenRequired(), access.isEncrypted()),
            array.volumes().all().stream().map(this::volume).toList(),
            beside.lab() != LabDoor.NONE,
            beside.demo() != DemoDoor.NONE,
            shown.settings()));
  }

  private VolumeSettingsJson volume(Volume volume) {
    ExportRoutes.ExportsJson exports =
        ExportRoutes.ExportsJson.of(array.exports().of(volume).orElse(null));
    return new VolumeSettingsJson(
        volume.name(),
        volume.sizeBytes(),
        array.profiles().of(volume).name(),
        exports.exported(),
        exports.rules());
  }
}
