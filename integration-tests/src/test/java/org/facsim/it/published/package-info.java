/**
 * What users take out of a repository: the jars, their poms, their names, and what a project that
 * uses them gets on its class path. See docs/adr/0045.
 */
package org.facsim.it.published;
