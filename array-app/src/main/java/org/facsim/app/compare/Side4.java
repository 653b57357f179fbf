/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.xdr.Xdr;

/** A server over one minor version of NFSv4. */
final class Side4 implements Side {
  private static final int PAGE_BYTES = 1024;
  private static final int MAX_PAGES = 200;

  final int minor;
  final List<Link4> clients = new ArrayList<>();
  final Map<Integer, byte[]> handles = new HashMap<>();
  private final byte[] export;
  private final String name;
  private Objects4 objects;
  private States4 states = new States4();
  private String folder;
  private int history;
  private boolean graceIsOver;

  Side4(Address address, int minor) {
    this.minor = minor;
    name = "facsim-compare-" + Long.toHexString(System.nanoTime()) + "-" + minor;
    for (int client = 0; client < Address.CLIENTS; client++) {
      clients.add(new Link4(address, client, minor, name + "-" + client));
    }
    export = find(address.export());
  }

  private byte[] find(String path) {
    Compound compound = clients.get(0).compound().add(Op4.PUTROOTFH);
    for (String part : path.split("/", -1)) {
      if (!part.isEmpty()) {
        compound.add(Op4.LOOKUP, out -> Xdr.writeString(out, part), Compound.NOTHING);
      }
    }
    byte[][] found = new byte[1][];
    compound.add(
        Op4.GETFH, out -> {}, (in, facts) -> found[0] = Xdr.readOpaque(in, Nfs4.MAX_HANDLE_BYTES));
    Facts facts = clients.get(0).send(compound);
    if (!facts.isOk()) {
      throw new CompareException(
          path + " is not found over NFS 4." + minor + ": " + facts.status());
    }
    return found[0];
  }

  @Override
  public void begin(String newFolder) {
    history++;
    folder = newFolder;
    objects = new Objects4(new Normal());
    states = new States4();
    handles.clear();
    handles.put(-1, export);
    Facts made = play(step(0, Act.MKDIR, -1, newFolder, StepWords.SET_MODE, 0777));
    if (!made.isOk()) {
      throw new CompareException("a folder cannot be made in the export: " + made.status());
    }
    play(step(-2, Act.SETATTR, 0, "", StepWords.SET_MODE, 0777));
    awaitEndOfGrace();
  }

  private static Step step(int number, Act act, int object, String name, int how, long value) {
    return new Step(number, 0, act, object, name, 0, "", 3, 0, 0, how, value);
  }

  /** A server that restarted lets nobody open anything for a while. */
  private void awaitEndOfGrace() {
    if (graceIsOver) {
      return;
    }
    Facts opened = play(step(-3, Act.OPEN, 0, "probe", StepWords.OPEN_CREATES, 0));
    if (!opened.isOk()) {
      throw new CompareException("no file can be opened: " + opened.status());
    }
    graceIsOver = true;
    play(step(-4, Act.CLOSE, -3, "", 0, 0));
    play(step(-5, Act.REMOVE, 0, "probe", 0, 0));
  }

  @Override
  public Facts play(Step step) {
    byte[] object = handles.get(step.object());
    byte[] other = handles.get(step.toObject());
    if (object == null || (other == null && step.toObject() != 0)) {
      return new Facts().status(Facts.NOT_SENT);
    }
    for (int attempt = 0; ; attempt++) {
      Facts facts = once(step, object, other);
      if (!Patience.asksToRepeat(facts.status(), attempt)) {
        return facts;
      }
      Patience.pause();
    }
  }

  private Facts once(Step step, byte[] object, byte[] other) {
    Link4 client = clients.get(step.client());
    return switch (step.act()) {
      case OPEN, CLOSE, DOWNGRADE, LOCK, LOCKT, LOCKU ->
          new Owned4(client, minor, states, owner(step), objects, handles).play(step, object);
      case READDIR -> list(step, object);
      default ->
          client.send(
              new Acts4(objects, states, handles).add(client.compound(), step, object, other));
    };
  }

  /** Each history has owners of its own. */
  private String owner(Step step) {
    return name + "-" + history + "-" + step.client() + "-" + step.value();
  }

  private Facts list(Step step, byte[] object) {
    Map<String, String> entries = new TreeMap<>();
    long[] position = {0, 0};
    Facts last = new Facts();
    for (int page = 0; page < MAX_PAGES && position[0] >= 0; page++) {
      last = page(step.client(), object, position, entries, PAGE_BYTES);
      if (!last.isOk()) {
        break;
      }
    }
    if (position[0] == -2) {
      last.put("page", "empty, and not the end");
    }
    Facts listed = last;
    entries.forEach((entry, facts) -> listed.put("entry " + entry, facts));
    return last;
  }

  private Facts page(
      int client, byte[] object, long[] position, Map<String, String> entries, int bytes) {
    Link4 link = clients.get(client);
    return link.send(
        link.compound()
            .handle(object)
            .add(
                Op4.READDIR,
                out -> {
                  out.writeLong(position[0]).writeLong(position[1]);
                  out.writeInt(bytes).writeInt(4 * bytes);
                  Objects4.ASKED_OF_ENTRIES.write(out);
                },
                (in, facts) -> {
                  position[1] = in.readLong();
                  position[0] = objects.page(in, entries);
                }));
  }

  // ---------------------------------------------------------------- the end

  @Override
  public void end() {
    states
        .open()
        .forEach(
            (key, handle) -> {
              handles.put(-6, handle);
              play(new Step(-6, key.client(), Act.CLOSE, -6, "", 0, "", 0, 0, 0, 0, key.owner()));
            });
    byte[] object = handles.get(0);
    if (object != null) {
      empty(object, 0);
      remove(export, folder);
    }
  }

  private void empty(byte[] object, int depth) {
    Map<String, String> entries = new TreeMap<>();
    long[] position = {0, 0};
    while (position[0] >= 0 && page(0, object, position, entries, 4 * PAGE_BYTES).isOk()) {
      // the next page
    }
    for (String entry : entries.keySet()) {
      if (!remove(object, entry).isOk() && depth < 20) {
        byte[][] inner = new byte[1][];
        clients
            .get(0)
            .send(
                clients
                    .get(0)
                    .compound()
                    .handle(object)
                    .add(Op4.LOOKUP, out -> Xdr.writeString(out, entry), Compound.NOTHING)
                    .add(
                        Op4.GETFH,
                        out -> {},
                        (in, facts) -> inner[0] = Xdr.readOpaque(in, Nfs4.MAX_HANDLE_BYTES)));
        if (inner[0] != null) {
          empty(inner[0], depth + 1);
          remove(object, entry);
        }
      }
    }
  }

  private Facts remove(byte[] object, String entry) {
    Link4 link = clients.get(0);
    return link.send(
        link.compound()
            .handle(object)
            .add(
                Op4.REMOVE,
                (ByteBuf out) -> Xdr.writeString(out, entry),
                (in, facts) -> Objects4.changed("", in, facts)));
  }

  @Override
  public void close() {
    clients.forEach(Link4::close);
  }
}
