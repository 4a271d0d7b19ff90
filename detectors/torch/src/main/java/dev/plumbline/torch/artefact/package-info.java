/** The folder {@code NAME.direction/}: an artefact on disk, and the pin of a model it must fit. */
package dev.plumbline.torch.artefact;
