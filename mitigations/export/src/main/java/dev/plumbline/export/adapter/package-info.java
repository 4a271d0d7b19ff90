/** Rank-1 adapters in PEFT's layout that take one direction out of a base model. */
package dev.plumbline.export.adapter;
