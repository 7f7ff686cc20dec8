// The page of a module's document.
import { defineControls } from './toolkit';
import './tree';
import './app';

defineControls();
