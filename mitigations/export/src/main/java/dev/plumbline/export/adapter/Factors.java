package dev.plumbline.export.adapter;

import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.export.base.Base;
import dev.plumbline.export.base.Layout;
import dev.plumbline.export.base.Products;
import dev.plumbline.export.base.Role;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The rank-1 factors of an adapter, each computed when it is asked for.
 *
 * <pre>
 * writer   W [D,in]   B = −α d          A = dᵀW
 * embedding E [V,D]   B = −α d          A = (E d)ᵀ
 * reader   W [out,D]  B = −α W(g∘d)     A = (d⊘g)ᵀ
 * </pre>
 *
 * <p>The writers' is {@code W' = (I − α d dᵀ) W} of Arditi et al. 2024. A reader's input is {@code
 * g ∘ x/rms(x)}, so {@code W'} sees {@code g ∘ (I − α d dᵀ) x/rms(x)}: all of the ablation but for
 * rms, which still counts the direction.
 */
final class Factors {
  /**
   * A gain nearer to 0 than this share of the largest is not divided out. A small one may be: what
   * it scaled is recovered with the relative precision it was stored in.
   */
  private static final double LEAST_GAIN = 1e-6;

  private final Base base;
  private final AdapterPlan plan;
  private final Products products;
  private final double[] d;

  Factors(Base base, AdapterPlan plan, Products products) {
    this.base = base;
    this.plan = plan;
    this.products = products;
    this.d = plan.direction().exact();
  }

  /** All factors, in the order of the base's names. */
  List<Factor> all(Map<String, Role> roles) {
    List<Factor> factors = new ArrayList<>();
    roles.forEach((name, role) -> add(name, role, factors));
    if (factors.isEmpty()) {
      throw new IllegalArgumentException(
          "adapter: wanted a strength above 0 somewhere, found none; raise it");
    }
    return factors;
  }

  private void add(String name, Role role, List<Factor> factors) {
    if (role instanceof Role.Embedding && plan.embedding() && plan.alpha(TapPoint.EMBED) > 0) {
      factors.add(
          new Factor(
              name.replace(".weight", ""),
              TapPoint.EMBED,
              true,
              base.shape().vocabulary(),
              d.length,
              () -> floats(products.right(name, d), 1),
              () -> floats(d, -plan.alpha(TapPoint.EMBED))));
    } else if (role instanceof Role.Writer writer && plan.variant().writers()) {
      double alpha = plan.alpha(writer.point());
      if (alpha > 0) {
        factors.add(
            new Factor(
                writer.module(),
                writer.point(),
                false,
                side(name, 1),
                d.length,
                () -> floats(products.left(name, d), 1),
                () -> floats(d, -alpha)));
      }
    } else if (role instanceof Role.Reader reader && plan.variant().readers()) {
      reader(name, reader, factors);
    }
  }

  private void reader(String name, Role.Reader reader, List<Factor> factors) {
    double alpha = plan.alpha(reader.point());
    if (alpha > 0) {
      factors.add(
          new Factor(
              reader.module(),
              reader.point(),
              false,
              d.length,
              side(name, 0),
              () -> floats(divided(reader.norm()), 1),
              () -> floats(products.right(name, scaled(reader.norm())), -alpha)));
    }
  }

  private int side(String name, int which) {
    return Math.toIntExact(base.shape(name).get(which));
  }

  /** {@code g∘d}. */
  private double[] scaled(String norm) {
    double[] g = gain(norm);
    for (int i = 0; i < g.length; i++) {
      g[i] *= d[i];
    }
    return g;
  }

  /** {@code d⊘g}. */
  private double[] divided(String norm) {
    double[] g = gain(norm);
    double largest = 0;
    for (double each : g) {
      largest = Math.max(largest, Math.abs(each));
    }
    for (int i = 0; i < g.length; i++) {
      if (Math.abs(g[i]) < LEAST_GAIN * largest && d[i] != 0) {
        throw new BadFileException(
            base.path(),
            "tensor " + norm + " element " + i,
            "a gain that can be divided out, of at least " + LEAST_GAIN + " of the largest",
            String.valueOf(g[i]),
            "A reader-side adapter cannot be made for this model: --variant writers.");
      }
      g[i] = d[i] / g[i];
    }
    return g;
  }

  private double[] gain(String norm) {
    float[] stored = products.vector(norm);
    double offset = Layout.gainOffset(base.shape().modelType());
    double[] g = new double[stored.length];
    for (int i = 0; i < g.length; i++) {
      g[i] = stored[i] + offset;
    }
    return g;
  }

  private static float[] floats(double[] values, double factor) {
    float[] narrow = new float[values.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) (factor * values[i]);
    }
    return narrow;
  }
}
