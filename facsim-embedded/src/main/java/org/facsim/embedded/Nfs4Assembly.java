/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.facsim.array.ArraySettings;
import org.facsim.array.StorageArray;
import org.facsim.nfs.v4.Nfs4Parts;
import org.facsim.nfs.v4.Nfs4Program;
import org.facsim.nfs.v4.OperationTable;
import org.facsim.nfs.v4.acl.AclAttributes;
import org.facsim.nfs.v4.attributes.AttributeEncoder;
import org.facsim.nfs.v4.attributes.AttributeOperations;
import org.facsim.nfs.v4.attributes.AttributeTable;
import org.facsim.nfs.v4.data.DataOperations;
import org.facsim.nfs.v4.names.NameOperations;
import org.facsim.nfs.v4.space.SpaceOperations;
import org.facsim.nfs.v4.state.CallbackAddress;
import org.facsim.nfs.v4.state.Nfs4State;
import org.facsim.nfs.v4.state.StateLimits;
import org.facsim.nfs.v4.state.StateOperations;
import org.facsim.nfs.v4.state.StateOptions;
import org.facsim.nfs.v4.xattr.XattrOperations;
import org.facsim.protocol.rpc.RpcEventLoops;
import org.facsim.services.state.Grace;
import org.facsim.services.state.Holdings;

/** Puts the door of NFSv4 together: the engine, and the operations of each of its packages. */
final class Nfs4Assembly {
  /** The row of the array's settings with the name by which NFSv4 clients know the array. */
  private static final String OWNER_ROW = "nfs4-server-owner";

  private Nfs4Assembly() {}

  /**
   * What clients hold in one run.
   *
   * @param nanoClock by which leases run out
   * @param records which clients may reclaim after a restart; null for an array in memory
   * @param earlier what the run before leaves; null for the first one
   */
  static Nfs4State state(
      StorageArray storage,
      Holdings holdings,
      Grace grace,
      RpcEventLoops loops,
      LongSupplier nanoClock,
      Path records,
      Nfs4State.Earlier earlier) {
    StateOptions options =
        new StateOptions(
            StateOptions.DEFAULT_LEASE,
            nanoClock,
            (int) storage.writeVerifier() | 1,
            serverOwner(storage.settings()),
            StateLimits.ofHeap(Runtime.getRuntime().maxMemory()),
            records);
    return new Nfs4State(
        options,
        holdings,
        grace,
        (delay, task) -> loops.schedule(task, delay),
        CallbackAddress.Connector.of(loops),
        earlier);
  }

  /**
   * The name of the array, the same in all its runs. Two arrays must never have the same one, or a
   * client takes them for one server with two addresses; so it does not come from the seed.
   */
  private static String serverOwner(ArraySettings settings) {
    return settings
        .get(OWNER_ROW)
        .map(row -> new String(row, UTF_8))
        .orElseGet(
            () -> {
              String owner = "facsim-" + UUID.randomUUID();
              settings.put(OWNER_ROW, owner.getBytes(UTF_8));
              return owner;
            });
  }

  static Nfs4Program program(Nfs4Parts parts, Nfs4State state) {
    AttributeTable attributes = new AttributeTable((int) StateOptions.DEFAULT_LEASE.toSeconds());
    attributes.add(AclAttributes.all());
    AttributeEncoder encoder = new AttributeEncoder(attributes);
    OperationTable operations = new OperationTable();
    AttributeOperations.addTo(operations, encoder);
    NameOperations.addTo(operations, encoder);
    DataOperations.addTo(operations);
    StateOperations.addTo(operations, attributes, state);
    operations.add(SpaceOperations.all());
    operations.add(XattrOperations.all());
    return new Nfs4Program(parts, operations, StateOperations.stateids(state));
  }
}
