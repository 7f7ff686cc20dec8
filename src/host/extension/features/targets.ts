// Choosing target kernels.
import type * as vscode from 'vscode';
import { chooseTargets } from '../../editor/chooseTargets';
import { command } from '../../editor/commands';
import type { Lens } from '../lens';
import { t } from '../model/l10n';
import { targetChoices } from '../targetChoices';

export function register(lens: Lens): vscode.Disposable {
  return command('insmodLens.selectTargets', async () => {
    const placeHolder = t('Kernels to check modules against; none: the one each module was built against');
    await chooseTargets(await targetChoices(lens, placeHolder));
  });
}
