/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.facsim.array.Inode;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.services.state.ByteRange;
import org.facsim.services.state.LockClient;
import org.facsim.services.state.LockMode;
import org.facsim.services.state.LockOutcome;
import org.facsim.services.state.LockOwner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random histories of three clients with sessions and one of another door, on two files: opens with
 * denials, downgrades, closes, byte ranges, silence beyond the lease, restarts with and without
 * reclaiming, and repeated requests. A model of a few lines says what each step must answer.
 */
class StateModelTest {
  private static final int STEPS = 300;
  private static final int FILES = 2;
  private static final int CLIENTS = 3;
  private static final int BYTES = 4;
  private static final int NOBODY = -1;

  /** The client of another door, which locks without opening. */
  private static final int OTHER = CLIENTS;

  /** What one client has of one file. */
  private static final class Have {
    byte[] handle;
    Stateid4 stateid;
    int access;
    int deny;
    Stateid4 locks;
  }

  private record OtherDoor() implements LockClient {}

  private final StateDoor door = new StateDoor();
  private final Host[] hosts = new Host[CLIENTS];
  private final List<Map<Integer, Have>> have = new ArrayList<>();

  /** By file and byte: who locked it exclusively; or NOBODY. */
  private final int[][] locked = new int[FILES][BYTES];

  private final byte[][] handles = new byte[FILES][];
  private final long[] silentSince = new long[CLIENTS];
  private long seconds;
  private Random random;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyAnswerIsTheModels(long seed) {
    random = new Random(seed);
    try (door) {
      begin();
      for (int step = 0; step < STEPS; step++) {
        String where = "seed " + seed + ", step " + step;
        switch (random.nextInt(12)) {
          case 0, 1, 2 -> open(where);
          case 3 -> close(where);
          case 4 -> downgrade(where);
          case 5, 6 -> lock(where);
          case 7 -> unlock(where);
          case 8 -> otherDoor(where);
          case 9 -> anonymous(where);
          case 10 -> pass();
          default -> {
            if (random.nextInt(8) == 0) {
              restart(where);
            }
          }
        }
        forgetExpired();
      }
      for (Host host : hosts) {
        host.close();
      }
    }
  }

  private void begin() {
    for (int file = 0; file < FILES; file++) {
      java.util.Arrays.fill(locked[file], NOBODY);
    }
    for (int client = 0; client < CLIENTS; client++) {
      hosts[client] = Host.ready(door, "client" + client);
      have.add(new HashMap<>());
    }
    for (int file = 0; file < FILES; file++) {
      Answer.Opened made = hosts[0].create("f" + file);
      handles[file] = made.handle;
      hosts[0].close(made);
    }
  }

  // ---------------------------------------------------------------- the model

  private boolean isLapsed(int client) {
    return seconds - silentSince[client] > StateDoor.LEASE.toSeconds();
  }

  /** A client that nobody heard of for a lease is gone as soon as it stands in somebody's way. */
  private void expire(int client) {
    have.get(client).clear();
    for (int[] bytes : locked) {
      for (int i = 0; i < BYTES; i++) {
        bytes[i] = bytes[i] == client ? NOBODY : bytes[i];
      }
    }
  }

  /** If several stand in the way and one is alive, nobody can tell which others had to go. */
  private void forgetExpired() {
    for (int client = 0; client < CLIENTS; client++) {
      if (!door.knows(hosts[client].clientId)) {
        expire(client);
      }
    }
  }

  /** Whether another client that is alive has the file open so that it conflicts. */
  private boolean conflicts(int client, int file, int access, int deny) {
    List<Integer> lapsed = new ArrayList<>();
    for (int other = 0; other < CLIENTS; other++) {
      Have one = have.get(other).get(file);
      if (other != client
          && one != null
          && ((one.deny & access) != 0 || (one.access & deny) != 0)) {
        if (!isLapsed(other)) {
          return true;
        }
        lapsed.add(other);
      }
    }
    lapsed.forEach(this::expire);
    return false;
  }

  /** The client that is about to call; comes back with a session if it was forgotten. */
  private Host caller(int client) {
    Nfs4Status status = hosts[client].call(Ops.none()).status;
    if (status != Nfs4Status.OK) {
      assertThat(status).isEqualTo(Nfs4Status.BADSESSION);
      assertThat(isLapsed(client)).as("client %d was forgotten", client).isTrue();
      expire(client);
      hosts[client].close();
      hosts[client] = Host.ready(door, "client" + client);
    }
    silentSince[client] = seconds;
    return hosts[client];
  }

  // ---------------------------------------------------------------- steps

  private void open(String where) {
    int client = random.nextInt(CLIENTS);
    int file = random.nextInt(FILES);
    int access = 1 + random.nextInt(3);
    int deny = random.nextInt(3) == 0 ? random.nextInt(4) : 0;
    Host host = caller(client);
    Have mine = have.get(client).get(file);
    boolean own = mine != null && ((mine.deny & access) != 0 || (mine.access & deny) != 0);
    if (own) {
      return; // whether that is the same open again is another test's affair
    }
    boolean denied = conflicts(client, file, access, deny);
    Ops ops = Ops.at(handles[file]).open(Ops.byHandle().access(access | Ops.WANT_NONE).deny(deny));
    Answer answer = host.call(ops);
    assertThat(answer.status)
        .as("%s: client %d opens file %d for %d, denies %d", where, client, file, access, deny)
        .isEqualTo(denied ? Nfs4Status.SHARE_DENIED : Nfs4Status.OK);
    if (!denied) {
      Answer.Opened opened = answer.sequence().handle().opened();
      Have now = mine == null ? new Have() : mine;
      now.handle = handles[file];
      now.stateid = opened.stateid;
      now.access |= access;
      now.deny |= deny;
      have.get(client).put(file, now);
    }
  }

  private void close(String where) {
    int client = random.nextInt(CLIENTS);
    int file = random.nextInt(FILES);
    Host host = caller(client);
    Have mine = have.get(client).remove(file);
    if (mine != null) {
      Ops close = Ops.at(mine.handle).close(0, mine.stateid);
      assertThat(host.call(close).status).as("%s: close", where).isEqualTo(Nfs4Status.OK);
      for (int i = 0; i < BYTES; i++) {
        locked[file][i] = locked[file][i] == client ? NOBODY : locked[file][i];
      }
      assertThat(host.call(close).status).as("%s: again", where).isEqualTo(Nfs4Status.BAD_STATEID);
    }
  }

  private void downgrade(String where) {
    int client = random.nextInt(CLIENTS);
    int file = random.nextInt(FILES);
    Host host = caller(client);
    Have mine = have.get(client).get(file);
    if (mine != null) {
      Answer answer =
          host.call(Ops.at(mine.handle).downgrade(0, mine.stateid, mine.access, mine.deny));
      mine.stateid = answer.sequence().handle().ok(Op4.OPEN_DOWNGRADE).stateid();
      Answer never = host.call(Ops.at(mine.handle).downgrade(0, mine.stateid, 4, mine.deny));
      assertThat(never.status).as(where).isEqualTo(Nfs4Status.INVAL);
    }
  }

  private void lock(String where) {
    int client = random.nextInt(CLIENTS);
    int file = random.nextInt(FILES);
    int first = random.nextInt(BYTES);
    int count = 1 + random.nextInt(BYTES - first);
    Host host = caller(client);
    Have mine = have.get(client).get(file);
    if (mine == null || (mine.access & Ops.WRITE) == 0) {
      return;
    }
    boolean denied = false;
    List<Integer> lapsed = new ArrayList<>();
    for (int i = first; i < first + count; i++) {
      int holder = locked[file][i];
      if (holder != NOBODY && holder != client) {
        if (holder != OTHER && isLapsed(holder)) {
          lapsed.add(holder);
        } else {
          denied = true;
        }
      }
    }
    if (!denied) {
      lapsed.forEach(this::expire);
    }
    Ops ops =
        mine.locks == null
            ? Ops.at(mine.handle).lockNew(2, mine.stateid, "l", first, count)
            : Ops.at(mine.handle).lock(2, 0, mine.locks, first, count);
    Answer answer = host.call(ops);
    assertThat(answer.status)
        .as("%s: client %d locks %d+%d of file %d", where, client, first, count, file)
        .isEqualTo(denied ? Nfs4Status.DENIED : Nfs4Status.OK);
    if (!denied) {
      mine.locks = answer.sequence().handle().ok(Op4.LOCK).stateid();
      java.util.Arrays.fill(locked[file], first, first + count, client);
    }
  }

  private void unlock(String where) {
    int client = random.nextInt(CLIENTS);
    int file = random.nextInt(FILES);
    Host host = caller(client);
    Have mine = have.get(client).get(file);
    if (mine != null && mine.locks != null) {
      int first = random.nextInt(BYTES);
      Answer answer = host.call(Ops.at(mine.handle).unlock(0, mine.locks, first, 1));
      assertThat(answer.status).as("%s: unlock", where).isEqualTo(Nfs4Status.OK);
      mine.locks = answer.sequence().handle().ok(Op4.LOCKU).stateid();
      locked[file][first] = locked[file][first] == client ? NOBODY : locked[file][first];
    }
  }

  private void otherDoor(String where) {
    int file = random.nextInt(FILES);
    int at = random.nextInt(BYTES);
    Inode inode = door.inode("f" + file);
    LockOwner owner = new LockOwner(new OtherDoor(), 1);
    ByteRange range = new ByteRange(at, at);
    if (random.nextBoolean()) {
      door.holdings.locks().unlock(inode, owner, range);
      locked[file][at] = locked[file][at] == OTHER ? NOBODY : locked[file][at];
      return;
    }
    int holder = locked[file][at];
    if (holder != NOBODY && holder != OTHER && isLapsed(holder)) {
      expire(holder);
      holder = NOBODY;
    }
    LockOutcome outcome = door.holdings.locks().lock(inode, owner, range, LockMode.EXCLUSIVE);
    boolean free = holder == NOBODY || holder == OTHER;
    assertThat(outcome instanceof LockOutcome.Granted)
        .as("%s: the other door locks byte %d of file %d", where, at, file)
        .isEqualTo(free);
    if (free) {
      locked[file][at] = OTHER;
    }
  }

  /** A WRITE without an open is refused by what anybody denies, also the client itself. */
  private void anonymous(String where) {
    int client = random.nextInt(CLIENTS);
    int file = random.nextInt(FILES);
    Host host = caller(client);
    boolean denied = conflicts(NOBODY, file, Ops.WRITE, 0);
    assertThat(host.call(Ops.at(handles[file]).writeData(Stateid4.ANONYMOUS, "x")).status)
        .as("%s: anonymous write", where)
        .isEqualTo(denied ? Nfs4Status.LOCKED : Nfs4Status.OK);
  }

  private void pass() {
    int time = 1 + random.nextInt(70);
    door.time.pass(Duration.ofSeconds(time));
    seconds += time;
  }

  /** Half of the clients reclaim what they had; the others come too late. */
  private void restart(String where) {
    boolean[] reclaims = new boolean[CLIENTS];
    door.restart();
    for (int file = 0; file < FILES; file++) {
      for (int i = 0; i < BYTES; i++) {
        locked[file][i] = NOBODY;
      }
    }
    for (int client = 0; client < CLIENTS; client++) {
      reclaims[client] = random.nextBoolean();
      hosts[client].close();
      Host host = new Host(door, "client" + client);
      hosts[client] = host;
      host.exchange(0x1111, 0).ok(Op4.EXCHANGE_ID);
      host.readExchange();
      host.createSession(Host.BACK_CHANNEL);
      silentSince[client] = seconds;
      for (int file = 0; file < FILES; file++) {
        Have mine = have.get(client).get(file);
        if (mine != null && reclaims[client]) {
          Ops ops = Ops.at(mine.handle).open(Ops.reclaim(0).access(mine.access).deny(mine.deny));
          Answer answer = host.call(ops);
          assertThat(answer.status).as("%s: reclaim", where).isEqualTo(Nfs4Status.OK);
          mine.stateid = answer.sequence().handle().opened().stateid;
          mine.locks = null;
        }
      }
      if (!reclaims[client]) {
        have.get(client).clear();
      }
      host.call(Ops.none().add(Op4.RECLAIM_COMPLETE, out -> out.writeInt(0)));
    }
    assertThat(door.grace.isRunning()).as("%s: everybody is done", where).isFalse();
  }
}
