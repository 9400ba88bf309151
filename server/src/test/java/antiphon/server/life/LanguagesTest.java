package antiphon.server.life;

import static antiphon.server.life.VectorStoreLifeTest.ok;
import static org.assertj.core.api.Assertions.assertThat;

import antiphon.protocol.json.Json;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Texts of many languages, each in a file among all the others, found by words of theirs. */
@Timeout(120)
class LanguagesTest {

  /** A text, and what is asked. */
  private record Said(String text, String question) {}

  private static final Map<String, Said> LANGUAGES = new LinkedHashMap<>();

  static {
    put("arabic", "القط ينام ست عشرة ساعة في اليوم ثم يصطاد الفئران ليلا.", "كم ساعة ينام القط");
    put("bengali", "নৌকাটি ভোরে নদী পার হয়ে বাজারে মাছ নিয়ে যায়।", "বাজারে মাছ");
    put("chinese", "这座图书馆每逢星期一闭馆，其余时间从九点开放。", "图书馆星期一开放吗");
    put("czech", "Kočka spí na peci a děti si hrají na zahradě se psem.", "děti zahradě");
    put("english", "The lighthouse keeper paints the railing every spring.", "who paints railings");
    put("french", "La boulangère prépare les croissants à l’aube d’été.", "croissants a l'aube");
    put("german", "Die Straßenbahn fährt sonntags nur bis zum Friedhof.", "Strassenbahn sonntags");
    put("greek", "Ο ψαράς επισκευάζει τα δίχτυα του στο λιμάνι κάθε πρωί.", "ψαράς δίχτυα");
    put("hebrew", "המורה כותבת את השיעור על הלוח לפני הצלצול.", "המורה על הלוח");
    put("hindi", "किसान सुबह खेत में गेहूँ बोता है और शाम को लौटता है।", "किसान गेहूँ");
    put("japanese", "この電車は終点の京都駅まで止まらずに走ります。", "京都駅まで走る電車");
    put("korean", "할머니는 겨울마다 김치를 백 포기씩 담그신다.", "할머니는 김치를");
    put("polish", "Łódź płynie wolno po rzece, a rybacy naprawiają sieci.", "lodz rybacy");
    put("portuguese", "O açougueiro fecha a loja às três horas da tarde.", "acougueiro fecha");
    put("russian", "Почтальон приносит письма в деревню два раза в неделю.", "письма в деревню");
    put("spanish", "El cartógrafo dibujó la montaña más alta del país.", "cartografo montana");
    put("turkish", "Bahçıvan gülleri her sabah güneş doğmadan sular.", "bahcivan gulleri");
    put("vietnamese", "Ông lão câu cá trên chiếc cầu gỗ vào mỗi buổi chiều.", "câu cá cầu gỗ");
  }

  @TempDir Path folder;

  private static void put(String language, String text, String question) {
    LANGUAGES.put(language, new Said(text, question));
  }

  @Test
  void textsOfManyLanguagesAreFound() {
    try (Node node = new Node(folder, new ScriptedEngine(Script.words("a")))) {
      List<String> ids = new ArrayList<>();
      LANGUAGES.forEach((language, said) ->
          ids.add(FilesLifeTest.upload(node, null, language + ".txt", said.text()).text("/id")));
      String body = Json.text(Map.of("file_ids", ids));
      String store = ok(node.post("/vector_stores", body)).get("id").asString();
      VectorStoreLifeTest.awaitIndexed(node, store, LANGUAGES.size());
      LANGUAGES.forEach((language, said) -> {
        String query = Json.text(Map.of("query", said.question(), "max_num_results", 3));
        String path = "/vector_stores/" + store + "/search";
        assertThat(ok(node.post(path, query)).at("/data/0/filename").asString())
            .as(said.question())
            .isEqualTo(language + ".txt");
      });
    }
  }
}
