/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The HTTP door: the VAAI calls as JSON, the array's own management (volumes, profiles, named
 * states, statistics) and metrics for Prometheus. {@code openapi.yaml} describes it for programs.
 * The package may see the array, the VAAI door and Vert.x, and never a wire format of ONC RPC.
 */
package org.facsim.app.http;
