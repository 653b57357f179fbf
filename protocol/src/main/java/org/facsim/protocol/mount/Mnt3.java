/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.mount;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.xdr.Xdr;

/** The result of MNT in version 3, RFC 1813 section 5.2.1: {@code mountres3}. */
public final class Mnt3 {
  /** The most authentication flavours in a reply. */
  public static final int MAX_FLAVORS = 16;

  private Mnt3() {}

  /** The outcome. */
  public sealed interface Result {
    static Result decode(ByteBuf in) {
      Mount3Status status = Mount3Status.decode(in);
      return status == Mount3Status.OK ? Ok.decode(in) : new Fail(status);
    }

    Mount3Status status();

    void encode(ByteBuf out);

    /**
     * The success.
     *
     * @throws MountException if it is a failure
     */
    default Ok orThrow() {
      if (this instanceof Ok ok) {
        return ok;
      }
      throw new MountException(status());
    }
  }

  /**
   * Success.
   *
   * @param handle the export's root
   * @param flavors RPC authentication flavours that the export accepts, best first
   */
  public record Ok(Nfs3Handle handle, List<Integer> flavors) implements Result {
    public Ok {
      flavors = List.copyOf(flavors);
    }

    static Ok decode(ByteBuf in) {
      Nfs3Handle handle = Nfs3Handle.decode(in);
      int count = Xdr.readLength(in, MAX_FLAVORS);
      List<Integer> flavors = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        flavors.add(Xdr.readInt(in));
      }
      return new Ok(handle, flavors);
    }

    @Override
    public Mount3Status status() {
      return Mount3Status.OK;
    }

    @Override
    public void encode(ByteBuf out) {
      Mount3Status.OK.encode(out);
      handle.encode(out);
      out.writeInt(flavors.size());
      flavors.forEach(out::writeInt);
    }
  }

  /** Failure. */
  public record Fail(Mount3Status status) implements Result {
    @Override
    public void encode(ByteBuf out) {
      status.encode(out);
    }
  }
}
