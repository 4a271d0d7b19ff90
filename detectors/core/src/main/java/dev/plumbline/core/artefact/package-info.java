/**
 * A learned direction with its provenance: the contents of a {@code NAME.direction/} folder, as
 * values. Reading and writing the folder is the torch module's work.
 */
package dev.plumbline.core.artefact;
