package dev.plumbline.agent.adapters;

import dev.plumbline.agent.ablation.AblatedVariant;
import io.vertx.core.Future;

/** Measures what an ablated variant does. The future never fails. */
@FunctionalInterface
interface Verifier {
  /**
   * @param plain the name of the model without the adapter
   */
  Future<Finding> verify(String plain, AblatedVariant variant);
}
