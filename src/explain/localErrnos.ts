// Texts of the C library for errnos in other languages, as its translations have them, in lower case. Programs that set
// a locale print these; kmod does not.

/** Of German, French, Spanish, Portuguese of both kinds, Italian, Russian, Chinese of both kinds and Japanese. */
const TEXTS: Readonly<Record<number, string>> = {
  1: 'die operation ist nicht erlaubt|opération non permise|operación no permitida|operação não permitida|operazione non permessa|операция не позволена|不允许的操作|此項操作並不被允許|許可されていない操作です',
  2: 'datei oder verzeichnis nicht gefunden|aucun fichier ou dossier de ce type|no existe el fichero o el directorio|no existe el archivo o el directorio|ficheiro ou pasta inexistente|arquivo ou diretório inexistente|arquivo ou diretório não encontrado|file o directory non esistente|нет такого файла или каталога|没有那个文件或目录|沒有此一檔案或目錄|そのようなファイルやディレクトリはありません',
  5: 'eingabe-/ausgabefehler|erreur d’entrée/sortie|error de entrada/salida|erro de entrada/saída|errore di input/output|ошибка ввода/вывода|输入/输出错误|輸入/輸出錯誤|入力/出力エラーです',
  8: 'fehler im format der programmdatei|erreur de format pour exec()|formato de ejecutable incorrecto|erro de formato do executável|erro no formato exec|formato eseguibile non valido|ошибка формата выполняемого файла|可执行文件格式错误|可執行檔格式錯誤|実行形式エラー',
  12: 'nicht genügend hauptspeicher verfügbar|ne peut allouer de la mémoire|no se pudo asignar memoria|impossível alocar memória|não foi possível alocar memória|impossibile allocare memoria|невозможно выделить память|无法分配内存|無法配置記憶體|メモリを確保できません',
  13: 'keine berechtigung|permission non accordée|permiso denegado|permissão recusada|permissão negada|permesso negato|отказано в доступе|权限不够|拒絕不符權限的操作|許可がありません',
  14: 'ungültige adresse|mauvaise adresse|dirección incorrecta|mau endereço|endereço inválido|indirizzo errato|неправильный адрес|错误的地址|錯誤的位址|不正なアドレスです',
  16: 'das gerät oder die ressource ist belegt|périphérique ou ressource occupé|dispositivo o recurso ocupado|dispositivo ou recurso ocupado|dispositivo ou recurso está ocupado|dispositivo o risorsa occupata|устройство или ресурс занято|设备或资源忙|裝置或系統資源忙碌中|デバイスもしくはリソースがビジー状態です',
  17: 'die datei existiert bereits|le fichier existe|el fichero ya existe|o ficheiro existe|arquivo existe|file già esistente|файл существует|文件已存在|檔案已存在|ファイルが存在します',
  19: 'kein passendes gerät gefunden|aucun périphérique de ce type|no existe el dispositivo|dispositivo inexistente|nessun device corrisponde|нет такого устройства|没有那个设备|沒有此一裝置|そのようなデバイスはありません',
  22: 'das argument ist ungültig|argument invalide|argumento inválido|argomento non valido|недопустимый аргумент|无效的参数|不適用的引數|無効な引数です',
  28: 'auf dem gerät ist kein speicherplatz mehr verfügbar|aucun espace disponible sur le périphérique|no queda espacio en el dispositivo|sem espaço livre no dispositivo|não há espaço disponível no dispositivo|spazio esaurito sul device|на устройстве не осталось свободного места|设备上没有空间|裝置上已無多餘空間|デバイスに空き領域がありません',
  38: 'die angeforderte funktion ist nicht implementiert|fonction non implantée|función no implementada|função não implementada|funzione non implementata|функция не реализована|函数未实现|功能沒有實作|関数は実装されていません',
  95: 'die operation wird nicht unterstützt|opération non supportée|la operación no está soportada|operação não suportada|operação sem suporte|operazione non supportata|неподдерживаемая операция|不支持的操作|此項操作並不被支援|サポートされていない操作です',
  126: 'der notwendige schlüssel ist nicht verfügbar|clé requise non disponible|la clave requerida no está disponible|chave requerida indisponível|chave necessária não disponível|la chiave richiesta non è disponibile|требуемый ключ недоступен|需要的关键字不存在|必要鍵值無法使用|要求されたキーが利用できません',
  129: 'der schlüssel wurde von dienst zurückgewiesen|la clé a été rejetée par le service|la clave fue rechazada por el servicio|chave rejeitada pelo serviço|a chave foi rejeitada pelo serviço|la chiave è stata rifiutata dal servizio|ключ был отвергнут службой|键值被服务所拒绝|鍵值被服務所拒絕|キーがサービスによって拒否されました',
};

const BY_TEXT: ReadonlyMap<string, number> = new Map(
  Object.entries(TEXTS).flatMap(([errno, texts]) => texts.split('|').map(text => [text, Number(errno)] as const)),
);

/** The errno of a text in one of these languages; `text` is in lower case. */
export const errnoOfLocal = (text: string): number | null =>
  BY_TEXT.get(text.replaceAll("'", '’').replace(/[。．]$/, '')) ?? null;
