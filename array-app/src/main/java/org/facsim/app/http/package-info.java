/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The HTTP door: the VAAI calls as JSON, the array's own management (volumes, exports, profiles,
 * snapshots, named states, jobs, locks, statistics, events) and metrics for Prometheus. Described
 * for machines in {@code openapi.yaml}. A client of {@code org.facsim.services.control}: sees the
 * services, the array's own types and Vert.x; no other door and no wire format of ONC RPC.
 */
package org.facsim.app.http;
