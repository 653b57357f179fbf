/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.faults;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.facsim.array.ArrayException;
import org.facsim.array.ArrayOptions;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.FileHandle;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.array.engine.ArrayEngine;
import org.facsim.services.calls.CallOverruled;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.calls.Calls;
import org.facsim.services.calls.Door;
import org.facsim.services.calls.DoorStatus;
import org.facsim.services.calls.DoorStatuses;
import org.facsim.services.calls.OperationVerdict;
import org.facsim.services.calls.StatusRefusal;

/** Rules over an array without doors: the lab makes the calls itself, and says how each went. */
final class FaultLab implements AutoCloseable, FaultGround {
  static final InetSocketAddress ESX1 = address("10.0.0.1", 700);
  static final InetSocketAddress ESX2 = address("10.0.0.2", 800);

  private static final Map<Door, List<String>> PROCEDURES =
      Map.of(
          Door.NFS,
          List.of(
              "NULL", "GETATTR", "LOOKUP", "READ", "WRITE", "CREATE", "MKDIR", "SYMLINK", "MKNOD",
              "REMOVE", "RENAME"),
          Door.MOUNT,
          List.of("NULL", "MNT"),
          Door.NLM,
          List.of("NULL", "LOCK", "UNLOCK"),
          Door.PORTMAP,
          List.of("NULL", "GETPORT"),
          Door.VAAI,
          List.of("NULL", "SESSION_START", "CLONE", "RESERVE"),
          Door.OPENSDS,
          List.of("CLONE", "RESERVE", "SUPPORT", "OPENSDS"),
          Door.HTTP,
          List.of("GET /api/v1/volumes/*", "POST /api/v1/faults", "POST /api/v1/vaai/clones"));

  private static final Set<String> NEED_SPACE =
      Set.of("WRITE", "CREATE", "MKDIR", "SYMLINK", "MKNOD");

  private final StorageArray array;
  private final Calls calls;
  private final DoorVocabulary doors;
  private final FaultRules rules;
  private final List<String> unexported = new ArrayList<>();
  private final HeardArray heard = new HeardArray();
  private Instant now = Instant.parse("2026-11-30T00:00:00Z");
  private int xid;

  FaultLab() {
    this(7);
  }

  FaultLab(long seed) {
    array = ArrayEngine.ephemeral(new ArrayOptions(4L << 30, InstantSource.system(), 1));
    array.createVolume("ds", 1L << 30);
    array.createVolume("other", 1L << 30);
    Map<Door, DoorStatuses.OfDoor> statuses = new EnumMap<>(Door.class);
    statuses.put(Door.NFS, FaultLab::nfsStatuses);
    statuses.put(Door.NLM, procedure -> of(Door.NLM, procedure, "DENIED_NOLOCKS", "GRACE_PERIOD"));
    statuses.put(Door.VAAI, procedure -> of(Door.VAAI, procedure, "NOSPC", "TOO_DEEP", "BUSY"));
    statuses.put(Door.OPENSDS, procedure -> of(Door.OPENSDS, procedure, "NOSPC", "BUSY"));
    DoorStatuses all = new DoorStatuses(statuses);
    calls = new Calls(all);
    doors = new DoorVocabulary(PROCEDURES, all);
    rules = new FaultRules(this, calls, seed);
  }

  private static List<DoorStatus> nfsStatuses(String procedure) {
    return procedure != null && NEED_SPACE.contains(procedure)
        ? of(Door.NFS, procedure, "ACCES", "NOSPC", "STALE", "JUKEBOX")
        : of(Door.NFS, procedure, "ACCES", "STALE", "JUKEBOX");
  }

  private static List<DoorStatus> of(Door door, String procedure, String... names) {
    List<DoorStatus> statuses = new ArrayList<>();
    if (!"NULL".equals(procedure)) {
      for (String name : names) {
        statuses.add(new DoorStatus(door, name, statuses.size() + 1));
      }
    }
    return statuses;
  }

  static InetSocketAddress address(String text, int port) {
    try {
      return new InetSocketAddress(InetAddress.getByName(text), port);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  // ---------------------------------------------------------------- the ground

  @Override
  public InstantSource clock() {
    return () -> now;
  }

  @Override
  public DoorVocabulary doors() {
    return doors;
  }

  @Override
  public List<Volume> volumes() {
    return array.volumes();
  }

  @Override
  public boolean isExported(Volume volume) {
    return !unexported.contains(volume.name());
  }

  @Override
  public Inode resolve(FileHandle handle) {
    return array.resolve(handle);
  }

  @Override
  public ArrayFaults array() {
    return heard;
  }

  @Override
  public void close() {
    rules.close();
    array.close();
  }

  // ---------------------------------------------------------------- the lab

  FaultRules rules() {
    return rules;
  }

  Calls calls() {
    return calls;
  }

  HeardArray heard() {
    return heard;
  }

  Volume volume(String name) {
    return array.volume(name).orElseThrow();
  }

  void withdraw(String volumeName) {
    unexported.add(volumeName);
  }

  void pass(Duration time) {
    now = now.plus(time);
  }

  Inode file(String volumeName, String... path) {
    Volume volume = volume(volumeName);
    Inode at = volume.root();
    for (int i = 0; i < path.length; i++) {
      Name name = Name.of(path[i]);
      try {
        at = volume.names().lookup(Caller.ROOT, at, name);
      } catch (ArrayException none) {
        at =
            i < path.length - 1
                ? volume.names().makeDirectory(Caller.ROOT, at, name, AttributeChanges.NONE).inode()
                : volume
                    .names()
                    .create(
                        Caller.ROOT,
                        at,
                        name,
                        new Volume.CreateMode.Guarded(),
                        AttributeChanges.NONE)
                    .inode();
      }
    }
    return at;
  }

  /** A call, and how it went: the three verdicts' kinds, for those that did not pass. */
  final class Call {
    private final Door door;
    private final String procedure;
    private InetSocketAddress client = ESX1;
    private Inode file;
    private Inode otherFile;
    private String name;
    private String otherName;
    private Caller claimed = Caller.ROOT;
    private String principal = "AUTH_SYS esx1 0/0";
    private CallRecord record;

    private Call(Door door, String procedure) {
      this.door = door;
      this.procedure = procedure;
    }

    Call from(InetSocketAddress address) {
      client = address;
      return this;
    }

    Call on(Inode named) {
      file = named;
      return this;
    }

    Call on(Inode directory, String entry) {
      file = directory;
      name = entry;
      return this;
    }

    Call to(Inode directory, String entry) {
      otherFile = directory;
      otherName = entry;
      return this;
    }

    Call by(long uid, String host) {
      claimed = new Caller(uid, uid, List.of());
      principal = "AUTH_SYS " + host + " " + uid + "/" + uid;
      return this;
    }

    CallRecord record() {
      return record;
    }

    String run() {
      record = calls.isWatched() ? calls.received(new Arrived(this)) : null;
      if (record == null) {
        return "served";
      }
      String fate = fate();
      record.ended();
      return fate;
    }

    private String fate() {
      String fate = "";
      switch (record.arrivalVerdict().kind()) {
        case NO_ANSWER, CLOSE, RESET -> {
          return record.arrivalVerdict().kind().name();
        }
        case SERVE -> {}
        default -> fate = record.arrivalVerdict().kind() + " ";
      }
      try {
        record.brings(null, name, otherName).operation(file, otherFile, claimed);
      } catch (StatusRefusal refusal) {
        fate += refusal.status().name() + " ";
      } catch (CallOverruled overruled) {
        return "operation " + overruled.verdict().kind();
      }
      if (record.operationVerdict().kind() == OperationVerdict.Kind.ALTER) {
        fate += record.alteration() + " ";
      }
      var reply = record.answered(0, 100);
      if (!reply.passes()) {
        fate += "reply " + reply.kind() + (reply.nanos() == 0 ? "" : " " + reply.nanos()) + " ";
      }
      return fate.isEmpty() ? "served" : fate.strip();
    }
  }

  Call call(Door door, String procedure) {
    return new Call(door, procedure);
  }

  Call nfs(String procedure) {
    return call(Door.NFS, procedure);
  }

  /** The fates of so many GETATTRs of one client. */
  List<String> getattrs(int count) {
    List<String> fates = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      fates.add(nfs("GETATTR").run());
    }
    return fates;
  }

  private final class Arrived extends CallRecord {
    private final Call call;

    Arrived(Call call) {
      super(call.door, call.client, ++xid, 100_003, 3, 1, call.procedure, 100);
      this.call = call;
    }

    @Override
    protected ByteBuffer requestNow() {
      return ByteBuffer.allocate(4);
    }

    @Override
    protected ByteBuffer replyNow() {
      return ByteBuffer.allocate(4);
    }

    @Override
    public Optional<Caller> claimed() {
      return call.door == Door.HTTP ? Optional.empty() : Optional.of(call.claimed);
    }

    @Override
    public String principal() {
      return call.door == Door.HTTP ? "" : call.principal;
    }
  }

  /** Hears what is asked of the array as a whole. */
  static final class HeardArray implements ArrayFaults {
    private final List<String> asked = new ArrayList<>();
    private boolean isDurable = true;

    List<String> asked() {
      return asked;
    }

    void setDurable(boolean durable) {
      isDurable = durable;
    }

    @Override
    public boolean takeover(Duration away) {
      asked.add("takeover " + away);
      return true;
    }

    @Override
    public boolean canLosePower() {
      return isDurable;
    }

    @Override
    public boolean powerFailure(PowerFailure failure) {
      asked.add("power failure at " + failure.atGroup() + " " + failure.away());
      return true;
    }

    @Override
    public void cancelPowerFailures() {
      asked.add("cancel");
    }

    @Override
    public boolean isAway() {
      return false;
    }

    @Override
    public void whenBack(Runnable task) {}
  }
}
