import './styles/index.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { AppError } from '#shared/errors/app-error.ts';
import { App } from './app/app.tsx';

const root = document.getElementById('root');
if (root === null) throw new AppError('INTERNAL', 'index.html has no element with the id "root".');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
