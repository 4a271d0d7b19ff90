package dev.plumbline.agent.oip;

import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.wire.oip.Tensor;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A call's results.
 *
 * @param outputs those asked for
 * @param reading for the ledger
 * @param peak the highest score of a prefix checked
 * @param ablate whether ablation was asked for
 * @param touched token states changed
 */
record Inferred(
    List<Tensor> outputs, Reading reading, OptionalDouble peak, boolean ablate, long touched) {}
