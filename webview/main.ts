// The page of a module's document, or of a report.
import { defineControls } from './toolkit';
import './tree';
import './app';

defineControls();
// What draws reports is loaded where there is one to draw.
if (document.querySelector('insmod-lens-report')) void import('./report/reportPage');
