/** The commands {@code plumbline export adapter} and {@code plumbline export checkpoint}. */
package dev.plumbline.export.cli;
