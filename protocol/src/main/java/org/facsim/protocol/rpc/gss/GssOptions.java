/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc.gss;

import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Function;
import org.facsim.protocol.rpc.Credential;

/**
 * The settings of {@link GssSecurity}.
 *
 * @param keytab the keys of the services that clients may ask for tickets of, usually {@code
 *     nfs/HOST@REALM}
 * @param principals whom the server knows a principal as; null for nobody
 */
public record GssOptions(Path keytab, Function<String, Credential.Sys> principals) {
  public GssOptions {
    Objects.requireNonNull(keytab);
    Objects.requireNonNull(principals);
  }
}
