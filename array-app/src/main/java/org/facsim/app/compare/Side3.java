/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Nfs3Procedure;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.xdr.Xdr;

/** A server over NFSv3, and NLM if it has that. */
final class Side3 implements Side {
  private static final int PAGE_BYTES = 1024;
  private static final int MAX_PAGES = 200;

  private final List<RpcClient> clients;
  private final byte[] export;
  private final Locks3 locks;
  private final Map<Integer, byte[]> handles = new HashMap<>();
  private Normal normal = new Normal();
  private Objects3 objects = new Objects3(normal);
  private String folder;

  Side3(Address address) {
    export = address.mount().toBytes();
    clients = IntStream.range(0, Address.CLIENTS).mapToObj(address::connect).toList();
    locks = address.lockPort() == 0 ? null : new Locks3(address);
  }

  @Override
  public void begin(String name) {
    folder = name;
    normal = new Normal();
    objects = new Objects3(normal);
    handles.clear();
    Facts made =
        call(
            0,
            Nfs3Procedure.MKDIR,
            out -> {
              named(out, export, name);
              SetAttributes3.mode(out, 0777);
            },
            (in, facts) -> made(in, facts, 0));
    if (!made.isOk()) {
      throw new CompareException("a folder cannot be made in the export: " + made.status());
    }
    if (!handles.containsKey(0)) {
      throw new CompareException("MKDIR brought no handle");
    }
    // the mode of MKDIR may have been masked
    setMode(0, handles.get(0), 0777);
  }

  @Override
  public Facts play(Step step) {
    byte[] object = handles.get(step.object());
    byte[] other = handles.get(step.toObject());
    if (object == null || other == null) {
      return new Facts().status(Facts.NOT_SENT);
    }
    return switch (step.act()) {
      case GETATTR ->
          call(step, Nfs3Procedure.GETATTR, only(object), (in, facts) -> whole(in, facts));
      case SETATTR ->
          changed(
              step,
              Nfs3Procedure.SETATTR,
              out -> {
                Xdr.writeOpaque(out, object);
                SetAttributes3.write(out, step);
                out.writeInt(0);
              });
      case LOOKUP -> call(step, Nfs3Procedure.LOOKUP, within(object, step), this::found);
      case ACCESS ->
          call(
              step,
              Nfs3Procedure.ACCESS,
              out -> {
                Xdr.writeOpaque(out, object);
                out.writeInt((int) step.value());
              },
              this::allowed);
      case READLINK -> call(step, Nfs3Procedure.READLINK, only(object), this::target);
      case READ ->
          call(
              step,
              Nfs3Procedure.READ,
              out -> {
                Xdr.writeOpaque(out, object);
                out.writeLong(step.offset()).writeInt((int) step.length());
              },
              this::data);
      case WRITE -> call(step, Nfs3Procedure.WRITE, writing(object, step), this::written);
      case COMMIT ->
          call(
              step,
              Nfs3Procedure.COMMIT,
              out -> {
                Xdr.writeOpaque(out, object);
                out.writeLong(step.offset()).writeInt(0);
              },
              (in, facts) -> {
                Objects3.status(in, facts);
                objects.wcc("", in, facts);
              });
      case CREATE, MKDIR, SYMLINK, MKNOD -> create(step, object);
      case REMOVE -> changed(step, Nfs3Procedure.REMOVE, within(object, step));
      case RMDIR -> changed(step, Nfs3Procedure.RMDIR, within(object, step));
      case RENAME -> call(step, Nfs3Procedure.RENAME, renaming(object, other, step), this::renamed);
      case LINK ->
          call(
              step,
              Nfs3Procedure.LINK,
              out -> {
                Xdr.writeOpaque(out, object);
                named(out, other, step.toName());
              },
              (in, facts) -> {
                Objects3.status(in, facts);
                objects.postOp("", in, facts);
                objects.wcc("folder.", in, facts);
              });
      case READDIR, READDIRPLUS -> list(step, object);
      case LOCK, LOCKT, LOCKU ->
          locks == null ? new Facts().status(Facts.NOT_SENT) : locks.play(step, object);
      default -> throw new IllegalArgumentException(step.toString());
    };
  }

  private Facts create(Step step, byte[] object) {
    Facts made =
        call(
            step,
            Nfs3Procedure.valueOf(step.act().name()),
            out -> {
              named(out, object, step.name());
              SetAttributes3.creation(out, step);
            },
            (in, facts) -> made(in, facts, step.number()));
    if (step.act() == Act.CREATE && step.how() == StepWords.EXCLUSIVE && made.isOk()) {
      // until a client sets them, as it must, the mode and the times are the server's own
      made.remove("mode");
      made.remove("atime");
      made.remove("mtime");
      made.put("set", setMode(step.client(), handles.get(step.number()), 0666).status());
    }
    return made;
  }

  private Facts setMode(int client, byte[] object, int mode) {
    return call(
        client,
        Nfs3Procedure.SETATTR,
        out -> {
          Xdr.writeOpaque(out, object);
          SetAttributes3.mode(out, mode);
          out.writeInt(0);
        },
        (in, facts) -> {
          Objects3.status(in, facts);
          in.skipBytes(in.readableBytes());
        });
  }

  // ---------------------------------------------------------------- arguments

  private static Consumer<ByteBuf> only(byte[] object) {
    return out -> Xdr.writeOpaque(out, object);
  }

  private static Consumer<ByteBuf> within(byte[] folder, Step step) {
    return out -> named(out, folder, step.name());
  }

  private static void named(ByteBuf out, byte[] folder, String name) {
    Xdr.writeOpaque(out, folder);
    Xdr.writeString(out, name);
  }

  private static Consumer<ByteBuf> writing(byte[] object, Step step) {
    return out -> {
      Xdr.writeOpaque(out, object);
      out.writeLong(step.offset()).writeInt((int) step.length()).writeInt(step.how());
      Xdr.writeOpaque(out, Normal.written(step));
    };
  }

  private static Consumer<ByteBuf> renaming(byte[] from, byte[] to, Step step) {
    return out -> {
      named(out, from, step.name());
      named(out, to, step.toName());
    };
  }

  // ---------------------------------------------------------------- results

  private void whole(ByteBuf in, Facts facts) {
    if (Objects3.status(in, facts)) {
      objects.attributes("", in, facts);
    }
  }

  private Facts changed(Step step, Nfs3Procedure procedure, Consumer<ByteBuf> arguments) {
    return call(
        step,
        procedure,
        arguments,
        (in, facts) -> {
          Objects3.status(in, facts);
          objects.wcc("", in, facts);
        });
  }

  private void found(ByteBuf in, Facts facts) {
    if (Objects3.status(in, facts)) {
      keep(facts, normal.handle(Nfs3Handle.decode(in).toBytes()));
      objects.postOp("", in, facts);
    }
    objects.postOp("folder.", in, facts);
  }

  /** Of the step that is being played. */
  private int playing;

  private void keep(Facts facts, byte[] handle) {
    facts.put("handle", "given");
    handles.put(playing, handle);
  }

  private void allowed(ByteBuf in, Facts facts) {
    boolean isOk = Objects3.status(in, facts);
    objects.postOp("", in, facts);
    if (isOk) {
      facts.put("allowed", "0x%x".formatted(Xdr.readInt(in)));
    }
  }

  private void target(ByteBuf in, Facts facts) {
    boolean isOk = Objects3.status(in, facts);
    objects.postOp("", in, facts);
    if (isOk) {
      facts.put("target", Normal.data(Xdr.readOpaque(in, 1 << 16)));
    }
  }

  private void data(ByteBuf in, Facts facts) {
    boolean isOk = Objects3.status(in, facts);
    objects.postOp("", in, facts);
    if (isOk) {
      facts.put("count", Xdr.readInt(in));
      facts.put("eof", Xdr.readBoolean(in));
      facts.put("data", Normal.data(Xdr.readOpaque(in, Nfs3.MAX_TRANSFER_BYTES)));
    }
  }

  private void written(ByteBuf in, Facts facts) {
    boolean isOk = Objects3.status(in, facts);
    objects.wcc("", in, facts);
    if (isOk) {
      facts.put("count", Xdr.readInt(in));
      facts.put("committed", Xdr.readInt(in));
    }
  }

  private void made(ByteBuf in, Facts facts, int number) {
    if (Objects3.status(in, facts)) {
      byte[] handle = objects.handle(in, facts);
      if (handle != null) {
        handles.put(number, handle);
      }
      objects.postOp("", in, facts);
    }
    objects.wcc("folder.", in, facts);
  }

  private void renamed(ByteBuf in, Facts facts) {
    Objects3.status(in, facts);
    objects.wcc("from.", in, facts);
    objects.wcc("to.", in, facts);
  }

  /** Reads all pages; the names are compared, and nothing of their order or cookies. */
  private Facts list(Step step, byte[] object) {
    Map<String, String> entries = new TreeMap<>();
    boolean isPlus = step.act() == Act.READDIRPLUS;
    long[] position = {0, 0};
    Facts last = new Facts();
    for (int page = 0; page < MAX_PAGES && position[0] >= 0; page++) {
      last =
          call(
              step,
              isPlus ? Nfs3Procedure.READDIRPLUS : Nfs3Procedure.READDIR,
              out -> {
                Xdr.writeOpaque(out, object);
                out.writeLong(position[0]).writeLong(position[1]).writeInt(PAGE_BYTES);
                if (isPlus) {
                  out.writeInt(4 * PAGE_BYTES);
                }
              },
              (in, facts) -> {
                boolean isOk = Objects3.status(in, facts);
                objects.postOp("", in, facts);
                if (isOk) {
                  position[1] = Xdr.readLong(in);
                  position[0] = objects.page(in, isPlus, entries);
                } else {
                  position[0] = -1;
                }
              });
      if (!last.isOk()) {
        break;
      }
    }
    if (position[0] == -2) {
      last.put("page", "empty, and not the end");
    }
    Facts listed = last;
    entries.forEach((name, entry) -> listed.put("entry " + name, entry));
    return last;
  }

  // ---------------------------------------------------------------- calls

  private Facts call(
      Step step,
      Nfs3Procedure procedure,
      Consumer<ByteBuf> arguments,
      BiConsumer<ByteBuf, Facts> results) {
    playing = step.number();
    return call(step.client(), procedure, arguments, results);
  }

  private Facts call(
      int client,
      Nfs3Procedure procedure,
      Consumer<ByteBuf> arguments,
      BiConsumer<ByteBuf, Facts> results) {
    for (int attempt = 0; ; attempt++) {
      Facts facts = once(client, procedure, arguments, results);
      if (!facts.status().equals(Nfs3Status.JUKEBOX.name()) || attempt == Patience.ATTEMPTS) {
        return facts;
      }
      Patience.pause();
    }
  }

  @SuppressWarnings("EnumOrdinal") // which is the number on the wire
  private Facts once(
      int client,
      Nfs3Procedure procedure,
      Consumer<ByteBuf> arguments,
      BiConsumer<ByteBuf, Facts> results) {
    Facts facts = new Facts();
    try {
      clients
          .get(client)
          .call(
              Nfs3.PROGRAM,
              Nfs3.VERSION,
              procedure.ordinal(),
              arguments,
              in -> {
                results.accept(in, facts);
                if (in.isReadable()) {
                  facts.put("reply", in.readableBytes() + " bytes too long");
                }
                return null;
              })
          .join();
      return facts;
    } catch (CompletionException e) {
      return facts.status("no answer: " + Address.reason(e));
    }
  }

  // ---------------------------------------------------------------- the end

  @Override
  public void end() {
    if (locks != null) {
      locks.freeAll();
    }
    empty(handles.get(0), 0);
    call(0, Nfs3Procedure.RMDIR, out -> named(out, export, folder), (in, facts) -> {});
  }

  private void empty(byte[] object, int depth) {
    if (object == null || depth > 20) {
      return;
    }
    Map<String, String> entries = new TreeMap<>();
    long[] position = {0, 0};
    Facts listed;
    do {
      listed =
          call(
              0,
              Nfs3Procedure.READDIR,
              out -> {
                Xdr.writeOpaque(out, object);
                out.writeLong(position[0]).writeLong(position[1]).writeInt(4 * PAGE_BYTES);
              },
              (in, facts) -> {
                position[0] = -1;
                if (Objects3.status(in, facts)) {
                  objects.postOp("", in, facts);
                  position[1] = Xdr.readLong(in);
                  position[0] = objects.page(in, false, entries);
                }
              });
    } while (position[0] >= 0 && listed.isOk());
    for (String name : entries.keySet()) {
      if (!name.equals(".") && !name.equals("..")) {
        removeEntry(object, name, depth);
      }
    }
  }

  private void removeEntry(byte[] object, String name, int depth) {
    byte[] bytes = name.getBytes(UTF_8);
    Consumer<ByteBuf> entry =
        out -> {
          Xdr.writeOpaque(out, object);
          Xdr.writeOpaque(out, bytes);
        };
    Facts removed = call(0, Nfs3Procedure.REMOVE, entry, (in, facts) -> Objects3.status(in, facts));
    if (!removed.isOk()) {
      byte[][] inner = new byte[1][];
      call(
          0,
          Nfs3Procedure.LOOKUP,
          entry,
          (in, facts) -> {
            if (Objects3.status(in, facts)) {
              inner[0] = Nfs3Handle.decode(in).toBytes();
            }
          });
      empty(inner[0], depth + 1);
      call(0, Nfs3Procedure.RMDIR, entry, (in, facts) -> {});
    }
  }

  @Override
  public void close() {
    clients.forEach(RpcClient::close);
    if (locks != null) {
      locks.close();
    }
  }
}
