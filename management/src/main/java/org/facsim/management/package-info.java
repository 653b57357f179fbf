/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The HTTP door: the VAAI calls as JSON, the array's own management (volumes, exports, profiles,
 * snapshots, named states, jobs, locks, statistics, events) and metrics for Prometheus. {@code
 * openapi.yaml} describes it for programs. The package is a client of {@code
 * org.facsim.services.control}. It may see the services, the array's own types and Vert.x, and
 * never another door or a wire format of ONC RPC.
 */
package org.facsim.management;
