/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.rpc.RpcCaller;
import org.facsim.protocol.xdr.Xdr;

/** One COMPOUND: its operations, and who reads the result of each. Sent once. */
final class Compound {
  /** Reads a result that has nothing but its status. */
  static final BiConsumer<ByteBuf, Facts> NOTHING = (in, facts) -> {};

  private final ByteBuf operations = Unpooled.buffer();
  private final List<Operation> list = new ArrayList<>();
  private int reached;

  private record Operation(
      int number, BiConsumer<ByteBuf, Facts> onOk, BiConsumer<ByteBuf, Facts> onFailure) {}

  Compound add(int number) {
    return add(number, out -> {}, NOTHING);
  }

  Compound add(int number, Consumer<ByteBuf> arguments, BiConsumer<ByteBuf, Facts> onOk) {
    return add(number, arguments, onOk, NOTHING);
  }

  Compound add(
      int number,
      Consumer<ByteBuf> arguments,
      BiConsumer<ByteBuf, Facts> onOk,
      BiConsumer<ByteBuf, Facts> onFailure) {
    operations.writeInt(number);
    arguments.accept(operations);
    list.add(new Operation(number, onOk, onFailure));
    return this;
  }

  Compound handle(byte[] handle) {
    return add(Op4.PUTFH, out -> Xdr.writeOpaque(out, handle), NOTHING);
  }

  /** Sends it; the facts say the status, and which operation had it unless all were OK. */
  Facts send(RpcCaller rpc, int minor) {
    Facts facts = new Facts();
    try {
      rpc.call(
              Nfs4.PROGRAM,
              Nfs4.VERSION,
              Nfs4.COMPOUND,
              out -> {
                out.writeInt(0).writeInt(minor).writeInt(list.size());
                out.writeBytes(operations, operations.readerIndex(), operations.readableBytes());
              },
              in -> {
                read(in, facts);
                return null;
              })
          .join();
      return facts;
    } catch (CompletionException e) {
      return facts.status("no answer: " + Address.reason(e));
    }
  }

  private void read(ByteBuf in, Facts facts) {
    String whole = word(in.readInt());
    Xdr.readOpaque(in, Nfs4.MAX_TAG_BYTES);
    int count = in.readInt();
    facts.status(whole);
    for (int i = 0; i < count && i < list.size(); i++) {
      Operation operation = list.get(i);
      int number = in.readInt();
      String status = word(in.readInt());
      if (number != operation.number) {
        facts.put("reply", Op4.name(number) + " instead of " + Op4.name(operation.number));
        return;
      }
      reached = i + 1;
      if (!status.equals(Facts.OK)) {
        operation.onFailure.accept(in, facts);
        facts.put("failed", Op4.name(number));
        facts.status(status);
        break;
      }
      operation.onOk.accept(in, facts);
    }
    if (in.isReadable()) {
      facts.put("reply", in.readableBytes() + " bytes too long");
    }
  }

  /** Whether an operation was reached, whatever its status. */
  boolean reached(int number) {
    return list.subList(0, reached).stream().anyMatch(each -> each.number == number);
  }

  private static String word(int code) {
    try {
      return Nfs4Status.of(code).name();
    } catch (IllegalArgumentException none) {
      return "unknown status " + code;
    }
  }
}
