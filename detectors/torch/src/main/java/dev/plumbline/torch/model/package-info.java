/** A model with its decoder, tokenizer and template, as commands use it. */
package dev.plumbline.torch.model;
