/** Adapters and control vectors as GGUF files, for llama.cpp and what reads the same files. */
package dev.plumbline.export.gguf;
