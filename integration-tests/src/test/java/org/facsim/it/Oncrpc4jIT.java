/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.dcache.oncrpc4j.rpc.OncRpcClient;
import org.dcache.oncrpc4j.rpc.RpcAuthTypeUnix;
import org.dcache.oncrpc4j.rpc.RpcCall;
import org.dcache.oncrpc4j.rpc.RpcTransport;
import org.dcache.oncrpc4j.rpc.net.IpProtocolType;
import org.dcache.oncrpc4j.xdr.XdrAble;
import org.dcache.oncrpc4j.xdr.XdrDecodingStream;
import org.dcache.oncrpc4j.xdr.XdrEncodingStream;
import org.dcache.oncrpc4j.xdr.XdrVoid;
import org.facsim.embedded.FacsimArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * dCache's oncrpc4j, the RPC layer of nfs4j, as a client not written here: its record marking, its
 * headers and its XDR meet ours. The NFS messages are laid out by hand after RFC 1813.
 */
class Oncrpc4jIT {
  private static final int MOUNT = 100005;
  private static final int NFS = 100003;
  private static final int VERSION = 3;
  private static final int MNT = 1;
  private static final int GETATTR = 1;
  private static final int NF3DIR = 2;
  private static final int ESTALE_OR_BADHANDLE_MIN = 70;

  private FacsimArray array;
  private OncRpcClient client;
  private RpcTransport transport;

  @BeforeEach
  void connect() throws IOException {
    array = FacsimArray.builder().nfsPort(0).volume("datastore1", 1L << 30).start();
    client = new OncRpcClient(array.nfsAddress(), IpProtocolType.TCP);
    transport = client.connect(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    array.close();
  }

  private void call(int program, int procedure, XdrAble arguments, XdrAble result)
      throws IOException, TimeoutException {
    RpcAuthTypeUnix root = new RpcAuthTypeUnix(0, 0, new int[0], 0, "facsim-it");
    new RpcCall(program, VERSION, root, transport)
        .call(procedure, arguments, result, 10, TimeUnit.SECONDS);
  }

  @Test
  void nullIsAnswered() throws Exception {
    call(NFS, 0, XdrVoid.XDR_VOID, XdrVoid.XDR_VOID);
    call(MOUNT, 0, XdrVoid.XDR_VOID, XdrVoid.XDR_VOID);
  }

  @Test
  void theHandleFromMntHasTheAttributesOfTheRoot() throws Exception {
    MntResult mounted = new MntResult();
    call(MOUNT, MNT, new Path("/datastore1"), mounted);
    assertThat(mounted.status).isEqualTo(0);
    assertThat(mounted.handle).hasSize(32);

    GetAttrResult attributes = new GetAttrResult();
    call(NFS, GETATTR, new Handle(mounted.handle), attributes);

    assertThat(attributes.status).isEqualTo(0);
    assertThat(attributes.type).isEqualTo(NF3DIR);
    assertThat(attributes.mode).isEqualTo(0755);
    assertThat(attributes.linkCount).isEqualTo(2);
    assertThat(attributes.uid).isEqualTo(0);
    assertThat(attributes.fileId).isPositive();
  }

  @Test
  void aForgedHandleIsRefused() throws Exception {
    MntResult mounted = new MntResult();
    call(MOUNT, MNT, new Path("/datastore1"), mounted);
    byte[] forged = mounted.handle.clone();
    forged[forged.length - 1] ^= 1;

    GetAttrResult attributes = new GetAttrResult();
    call(NFS, GETATTR, new Handle(forged), attributes);

    assertThat(attributes.status).isGreaterThanOrEqualTo(ESTALE_OR_BADHANDLE_MIN);
  }

  /** Arguments only. */
  private abstract static class Arguments implements XdrAble {
    @Override
    public void xdrDecode(XdrDecodingStream in) {
      throw new UnsupportedOperationException();
    }
  }

  /** Results only. */
  private abstract static class Result implements XdrAble {
    @Override
    public void xdrEncode(XdrEncodingStream out) {
      throw new UnsupportedOperationException();
    }
  }

  private static final class Path extends Arguments {
    private final String path;

    Path(String path) {
      this.path = path;
    }

    @Override
    public void xdrEncode(XdrEncodingStream out) {
      out.xdrEncodeString(path);
    }
  }

  private static final class Handle extends Arguments {
    private final byte[] handle;

    Handle(byte[] handle) {
      this.handle = handle;
    }

    @Override
    public void xdrEncode(XdrEncodingStream out) {
      out.xdrEncodeDynamicOpaque(handle);
    }
  }

  private static final class MntResult extends Result {
    private int status;
    private byte[] handle;

    @Override
    public void xdrDecode(XdrDecodingStream in) throws IOException {
      status = in.xdrDecodeInt();
      if (status == 0) {
        handle = in.xdrDecodeDynamicOpaque();
        in.xdrDecodeIntVector();
      }
    }
  }

  private static final class GetAttrResult extends Result {
    private int status;
    private int type;
    private int mode;
    private int linkCount;
    private int uid;
    private long fileId;

    @Override
    public void xdrDecode(XdrDecodingStream in) throws IOException {
      status = in.xdrDecodeInt();
      if (status != 0) {
        return;
      }
      type = in.xdrDecodeInt();
      mode = in.xdrDecodeInt();
      linkCount = in.xdrDecodeInt();
      uid = in.xdrDecodeInt();
      in.xdrDecodeInt(); // gid
      in.xdrDecodeLong(); // size
      in.xdrDecodeLong(); // used
      in.xdrDecodeLong(); // rdev
      in.xdrDecodeLong(); // fsid
      fileId = in.xdrDecodeLong();
      in.xdrDecodeOpaque(3 * 8); // atime, mtime, ctime
    }
  }
}
