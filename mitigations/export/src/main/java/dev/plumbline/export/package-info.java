/**
 * A direction taken out of weights, for servers whose forward pass nobody can reach: rank-1
 * adapters, orthogonalised checkpoints, control vectors.
 */
package dev.plumbline.export;
