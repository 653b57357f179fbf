/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The HTTP door: the VAAI calls as JSON, the array's own management (volumes, profiles, named
 * states, statistics) and metrics for Prometheus. Described for machines in {@code openapi.yaml}.
 * Sees the array, the VAAI door and Vert.x; never a wire format of ONC RPC.
 */
package org.facsim.app.http;
