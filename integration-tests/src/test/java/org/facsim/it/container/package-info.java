/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The image that the Dockerfile at the root makes, started as its users would, met by libnfs
 * through a published port. May see everything; skips itself by name where no Docker is.
 */
package org.facsim.it.container;
