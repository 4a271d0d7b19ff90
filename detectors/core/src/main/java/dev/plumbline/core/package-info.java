/** The words of detection: JDK only, no I/O, no threads of its own. */
package dev.plumbline.core;
