/** The sidecar: {@code Main} starts the command line, {@code Assembly} puts an agent together. */
package dev.plumbline.agent;
