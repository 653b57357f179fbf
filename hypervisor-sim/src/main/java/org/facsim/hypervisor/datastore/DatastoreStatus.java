/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.net.InetSocketAddress;

/**
 * A datastore as {@code esxcli storage nfs list} shows it, at one moment.
 *
 * @param label the host's name for it
 * @param server as it was mounted
 * @param export as it was mounted
 * @param accessible whether the server answers and the export is there
 * @param pathState how the host judges the path
 * @param readOnly mounted read-only
 * @param connections TCP connections
 * @param hardwareAcceleration what is known of it so far; asks nobody
 */
public record DatastoreStatus(
    String label,
    InetSocketAddress server,
    String export,
    boolean accessible,
    PathState pathState,
    boolean readOnly,
    int connections,
    AccelerationStatus hardwareAcceleration) {}
