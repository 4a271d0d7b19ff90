package dev.plumbline.torch.serve;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A text to be read: the readouts of its tokens from one position on.
 *
 * @param tokens prompt and answer, read, not kept afterwards
 * @param from first position whose readouts are wanted
 * @param adapter what the reader wears; none for the reference
 * @param result {@code [n][K]} for positions {@code from} on; fails with what the engine failed
 *     with
 */
record ReadJob(
    long[] tokens, int from, Optional<String> adapter, CompletableFuture<double[][]> result) {}
