/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The operations of NFSv4.2 on the space of files (RFC 7862): CLONE, COPY, ALLOCATE, DEALLOCATE,
 * SEEK, READ_PLUS and IO_ADVISE. {@link org.facsim.nfs.v4.space.SpaceOperations} has all of them.
 *
 * <p>COPY is always answered when it is done, so there is nothing to ask OFFLOAD_STATUS or to stop
 * by OFFLOAD_CANCEL, and files of other servers are not copied: these operations, COPY_NOTIFY and
 * WRITE_SAME are answered NOTSUPP, as RFC 7862 section 4.1.1 wants it of a server that does not
 * offer them.
 */
package org.facsim.nfs.v4.space;
