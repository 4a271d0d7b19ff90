package dev.plumbline.torch.program;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.function.Supplier;

/** A loaded TorchScript program. Owned by the manager it was loaded with; one thread at a time. */
public final class ScriptModule {
  private final PtSymbolBlock block;

  private ScriptModule(PtSymbolBlock block) {
    this.block = block;
  }

  /** Loads an archive; the module lives as long as {@code manager}. */
  public static ScriptModule load(PtNDManager manager, InputStream archive) {
    try (archive) {
      return new ScriptModule(JniUtils.loadModule(manager, archive, false, false));
    } catch (IOException e) {
      throw new UncheckedIOException("the program's archive could not be read", e);
    }
  }

  /** Calls a method without gradients; the caller closes the result. */
  public IValue call(String method, IValue... arguments) {
    return NativeCalls.run(() -> IValueUtils.runMethod(block, method, arguments));
  }

  /**
   * Runs {@code work} with this thread's calls interpreted as they are written. Otherwise libtorch
   * compiles a method after its first calls, and the compiled form rounds differently: a training
   * that is resumed would not come to the same bytes.
   */
  public static <T> T uncompiled(Supplier<T> work) {
    JniUtils.setGraphExecutorOptimize(false);
    try {
      return work.get();
    } finally {
      JniUtils.setGraphExecutorOptimize(
          Boolean.parseBoolean(System.getProperty("ai.djl.pytorch.graph_optimizer", "true")));
    }
  }

  /**
   * Calls a method with gradients recorded. Tensors only: an argument that is a list is given by
   * arrays of the same name ending in {@code []}.
   */
  public NDArray differentiable(String method, NDList arguments) {
    PtNDArray name = (PtNDArray) arguments.get(0).getManager().create(0);
    name.setName("module_method:" + method);
    arguments.add(name);
    return NativeCalls.run(() -> IValueUtils.forward(block, arguments, true).get(0));
  }
}
