package antiphon.engines.embedded.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PlatformTest {

  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, de/kherud/llama/Linux/x86_64/libjllama.so",
    "Linux, aarch64, de/kherud/llama/Linux/aarch64/libjllama.so",
    "Mac OS X, x86_64, de/kherud/llama/Mac/x86_64/libjllama.dylib",
    "Mac OS X, aarch64, de/kherud/llama/Mac/aarch64/libjllama.dylib"
  })
  void eachMachineHasItsLibraryInTheJar(String os, String arch, String resource)
      throws LlamaUnavailableException {
    assertThat(Platform.of(os, arch).resource()).isEqualTo(resource);
    assertThat(PlatformTest.class.getClassLoader().getResource(resource)).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({"Windows 11, amd64", "Linux, riscv64", "SunOS, sparc"})
  void otherMachinesAreRefusedByName(String os, String arch) {
    assertThatThrownBy(() -> Platform.of(os, arch))
        .isInstanceOf(LlamaUnavailableException.class)
        .hasMessageContaining(os)
        .hasMessageContaining(arch);
  }

  @Test
  void aProcessorWithoutTheInstructionsIsRefusedByName() {
    assertThatThrownBy(() -> Platform.checkFlags("flags : fpu sse2 avx avx2 fma bmi2"))
        .isInstanceOf(LlamaUnavailableException.class)
        .hasMessageContaining("lacks f16c");
    assertThatCode(() -> Platform.checkFlags("flags\t\t: fpu avx2 fma bmi2 f16c"))
        .doesNotThrowAnyException();
  }

  @Test
  void anotherBuildOfTheLibraryIsRefused() throws LlamaUnavailableException {
    LlamaLibrary library = LlamaLibrary.get();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment model = library.modelDefaults(arena);
      MemorySegment context = library.contextDefaults(arena);
      Layouts.check(Layouts.BUILD, model, context);

      assertThatThrownBy(() -> Layouts.check(5000, model, context))
          .isInstanceOf(LlamaUnavailableException.class)
          .hasMessageContaining("4916")
          .hasMessageContaining("5000");
      Layouts.setInt(Layouts.CONTEXT_PARAMS, context, "n_batch", 1);
      assertThatThrownBy(() -> Layouts.check(Layouts.BUILD, model, context))
          .isInstanceOf(LlamaUnavailableException.class)
          .hasMessageContaining("n_batch");
    }
  }
}
